import type { WaitingReason } from '../protocol/upload-state.ts'

/**
 * What the requests of an upload are doing.
 *
 * - `sending`: on their way.
 * - `checking`: one has got no answer; it is being found out why, or waited until the network is back.
 * - `credentials`: cannot be signed before newer credentials have come.
 * - `backoff`: failed, and are attempted again in a while.
 */
export type Activity = 'sending' | 'checking' | 'credentials' | 'backoff'

/** Counts what the requests of one upload are doing. */
export interface ActivityBoard {
  /** Counts something for as long as it takes. */
  readonly track: <T>(activity: Activity, run: () => Promise<T>) => Promise<T>
  readonly counts: () => ActivityCounts
}

export type ActivityCounts = Readonly<Record<Activity, number>>

export function createActivityBoard(onChange: () => void): ActivityBoard {
  const counts = { sending: 0, checking: 0, credentials: 0, backoff: 0 }
  return {
    counts: () => counts,
    async track(activity, run) {
      counts[activity] += 1
      onChange()
      try {
        return await run()
      } finally {
        counts[activity] -= 1
        onChange()
      }
    },
  }
}

/** What an upload waits for, if all of it waits; undefined as long as anything of it moves. */
export function waitingFor(counts: ActivityCounts, isDown: boolean): WaitingReason | undefined {
  const { sending, checking, credentials, backoff } = counts
  if (sending + checking + credentials + backoff === 0) return undefined
  if (isDown) return 'offline'
  if (sending + checking > 0) return undefined
  return credentials > 0 ? 'credentials' : 'backoff'
}
