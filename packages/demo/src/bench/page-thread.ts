/** What was seen of the page's thread. */
export interface PageThread {
  /** Longest time between two ticks, in milliseconds. */
  readonly longestGapMs: number
  /** What is over 50 ms of each such time, together. */
  readonly blockedMs: number
}

/** A task that takes longer is what people notice. (W3C, "Long Tasks API") */
const LONG_TASK_MS = 50

/**
 * Looks again and again whether the page's thread answers. By timers, which browsers hold back to 4 ms once they are nested:
 * enough to see a frame that is late, and nothing in the way of an upload, which a loop without waits would be.
 *
 * @returns a function that tells what was seen until now; and stops the watch, if so asked
 */
export function watchPageThread(): { seen(): PageThread; stop(): PageThread } {
  let longestGapMs = 0
  let blockedMs = 0
  let lastMs = performance.now()
  const tick = (): void => {
    const nowMs = performance.now()
    const gapMs = nowMs - lastMs
    longestGapMs = Math.max(longestGapMs, gapMs)
    blockedMs += Math.max(gapMs - LONG_TASK_MS, 0)
    lastMs = nowMs
    timer = setTimeout(tick)
  }
  let timer = setTimeout(tick)
  const seen = (): PageThread => ({ longestGapMs, blockedMs })
  return {
    seen() {
      // What has lasted until now is over.
      clearTimeout(timer)
      tick()
      return seen()
    },
    stop() {
      clearTimeout(timer)
      tick()
      clearTimeout(timer)
      return seen()
    },
  }
}
