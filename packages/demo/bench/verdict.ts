import type { Spread } from './statistics.ts'

/** What a figure has to be. */
export interface Bound {
  readonly kind: 'at least' | 'at most'
  readonly value: number
}

export type Verdict = 'held' | 'not held' | 'within noise' | 'not measured'

/**
 * Says whether a target is held: only if all of several measurements are on one side of it is there anything to say.
 */
export function judge(measured: Spread | undefined, { kind, value }: Bound): Verdict {
  if (measured === undefined) return 'not measured'
  const { least, most, count } = measured
  if (count < 2) return 'within noise'
  if (kind === 'at least') return least >= value ? 'held' : most < value ? 'not held' : 'within noise'
  return most <= value ? 'held' : least > value ? 'not held' : 'within noise'
}

export type Difference = 'more' | 'less' | 'within noise'

/** Says what ratios to something else show; with fewer than two rounds, nothing. */
export function differenceOf({ least, most, count }: Spread): Difference {
  if (count < 2) return 'within noise'
  return least > 1 ? 'more' : most < 1 ? 'less' : 'within noise'
}

/** Whether two things that were measured apart from each other may be the same: their ranges overlap. */
export function mayBeEqual(one: Spread, other: Spread): boolean {
  return one.least <= other.most && other.least <= one.most
}
