/**
 * How many bodies may be on their way to a host at a time, by additive increase and multiplicative decrease (AIMD: D. Chiu
 * and R. Jain, "Analysis of the Increase and Decrease Algorithms for Congestion Avoidance in Computer Networks", 1989; as
 * TCP does, RFC 5681, and Netflix's concurrency-limits for requests).
 *
 * It starts at the caller's limit, since a browser opens few connections anyway, and falls when the service asks for less,
 * when a body starves, and when the link is too thin for so many.
 */
export interface ParallelLimit {
  /** A fraction; whole bodies fit below it. */
  readonly limit: number
  /** When it was last lowered, in milliseconds since the epoch. */
  readonly loweredAtMs: number
}

export function startParallel(mostBodies: number): ParallelLimit {
  return { limit: mostBodies, loweredAtMs: -Infinity }
}

/** A body was taken: one more for each round of as many as are on their way. */
export function raiseParallel(state: ParallelLimit, mostBodies: number): ParallelLimit {
  return { ...state, limit: Math.min(mostBodies, state.limit + 1 / state.limit) }
}

/**
 * A body says that there are too many: half of them. What was sent before the limit was last lowered says nothing about the
 * lower one.
 */
export function lowerParallel(state: ParallelLimit, sentAtMs: number, nowMs: number): ParallelLimit {
  if (sentAtMs <= state.loweredAtMs) return state
  return { limit: Math.max(1, state.limit / 2), loweredAtMs: nowMs }
}
