/**
 * How long the page's thread is held at a time, in milliseconds. What a page notices is 50 ms (W3C Long Tasks); the first
 * touch of a picked file alone takes 0.2 ms (measured in Chromium 156), so that a thousand at once would be seen.
 */
const SLICE_MS = 8

export interface HandOverOptions<T> {
  /** Resolves when somebody is there to take things. */
  readonly ready: () => Promise<void>
  /** Looks at a thing, which may take its time. Answers whether it is still to be handed over. */
  readonly check: (thing: T) => boolean
  /** Hands over all of a slice at once: each message costs as much as a thing. */
  readonly post: (things: readonly T[]) => Promise<void>
}

interface Waiting<T> {
  readonly thing: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Hands many things over in slices of time, in the order in which they come, with room for the page between.
 *
 * @returns hands one over; resolves when that is done, or not wanted any more
 */
export function createHandOver<T>({ ready, check, post }: HandOverOptions<T>): (thing: T) => Promise<void> {
  const waiting: Waiting<T>[] = []
  let isRunning = false

  /** Takes as many as a slice has time for. */
  const takeSlice = (): readonly Waiting<T>[] => {
    const endsAtMs = performance.now() + SLICE_MS
    const slice: Waiting<T>[] = []
    let taken = 0
    for (const next of waiting) {
      if (taken > 0 && performance.now() >= endsAtMs) break
      taken += 1
      if (check(next.thing)) slice.push(next)
      else next.resolve()
    }
    waiting.splice(0, taken)
    return slice
  }

  const run = async (): Promise<void> => {
    await ready()
    while (waiting.length > 0) {
      const slice = takeSlice()
      post(slice.map(({ thing }) => thing)).then(
        () => slice.forEach(({ resolve }) => resolve()),
        (error: unknown) => slice.forEach(({ reject }) => reject(error)),
      )
      await nextTask()
    }
  }

  const start = (): void => {
    isRunning = true
    run()
      .catch((error: unknown) => {
        const left = waiting.splice(0)
        for (const { reject } of left) reject(error)
      })
      .finally(() => {
        isRunning = false
      })
  }

  return (thing) =>
    new Promise((resolve, reject) => {
      waiting.push({ thing, resolve, reject })
      if (!isRunning) start()
    })
}

/** A timer would wait, and for a second in a hidden tab. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(undefined)
  })
}
