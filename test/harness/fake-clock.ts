import type { Clock } from '@sluice/worker'

/** Time that stands still until it is moved. */
export interface FakeClock extends Clock {
  readonly advance: (ms: number) => void
}

interface Timer {
  readonly atMs: number
  readonly callback: () => void
}

export function createFakeClock(): FakeClock {
  let nowMs = Date.now()
  let timers: Timer[] = []
  return {
    now: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { atMs: nowMs + delayMs, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: (ms) => {
      nowMs += ms
      const due = timers.filter(({ atMs }) => atMs <= nowMs)
      timers = timers.filter(({ atMs }) => atMs > nowMs)
      for (const { callback } of due) callback()
    },
  }
}
