/** Half of a frame at 60 Hz. */
const SLICE_MS = 8

/** Does something with each item, and lets the page breathe in between. */
export async function inSlices<T>(
  items: Iterable<T> | AsyncIterable<T>,
  handle: (item: T) => void,
): Promise<void> {
  let since = performance.now()
  for await (const item of items) {
    handle(item)
    if (performance.now() - since < SLICE_MS) continue
    await new Promise((resolve) => setTimeout(resolve))
    since = performance.now()
  }
}
