import type { Clock } from '../clock/clock.ts'

/**
 * The service's clock, as far as it is known: this machine's until the service says otherwise. Signatures are dated by
 * it, since a request that is more than 15 minutes off is refused. (OSS documentation, RequestTimeTooSkewed)
 */
export interface ServerClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Takes over what the service said just now. */
  readonly correct: (serverTimeMs: number) => void
}

export function createServerClock(clock: Clock): ServerClock {
  let aheadMs = 0
  return {
    now: () => clock.now() + aheadMs,
    correct: (serverTimeMs) => {
      aheadMs = serverTimeMs - clock.now()
    },
  }
}
