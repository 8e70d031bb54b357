/** Time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Calls back after `delayMs`; answers a function that stops it. */
  readonly after: (delayMs: number, callback: () => void) => () => void
}
