/**
 * How long the page's thread is held at a time, in milliseconds. What a page notices is 50 ms (W3C Long Tasks); the first
 * touch of a picked file alone takes 0.2 ms (measured in Chromium 156), so that a thousand at once would be seen.
 */
const SLICE_MS = 8

/** Lets many short things be done in slices of time, in the order in which they ask, with room for the page between. */
export function createTurns(): () => Promise<void> {
  const waiting: (() => void)[] = []
  let isRunning = false

  const run = async (): Promise<void> => {
    isRunning = true
    let endsAtMs = performance.now() + SLICE_MS
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (performance.now() >= endsAtMs) {
        await nextTask()
        endsAtMs = performance.now() + SLICE_MS
      }
      next()
      // Whose turn it is goes on before the clock is looked at.
      await Promise.resolve()
    }
    isRunning = false
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (!isRunning) void run()
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
