/** Repeated measurements of one thing: the middle, and how far they lie apart. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
  readonly count: number
}

/**
 * The middle of several values with the least and the most: for five independent values the median of all that could be
 * measured lies between them with a probability of 94 %, for three with 75 % (1 - 2 · 0.5^n).
 *
 * @returns undefined for no values
 */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const least = sorted[0]
  const most = sorted.at(-1)
  if (least === undefined || most === undefined) return undefined
  const middle = (sorted.length - 1) / 2
  const low = sorted[Math.floor(middle)] ?? least
  const high = sorted[Math.ceil(middle)] ?? most
  return { median: (low + high) / 2, least, most, count: sorted.length }
}

/** A measurement of one round. */
export interface Measured {
  readonly round: number
  readonly value: number
}

/**
 * One thing over another, round by round: what slows the machine down for a while slows down both. Rounds that one of them
 * lacks are left out.
 */
export function pairedRatios(own: readonly Measured[], others: readonly Measured[]): readonly number[] {
  return own.flatMap(({ round, value }) => {
    const other = others.find((candidate) => candidate.round === round)
    return other === undefined || other.value === 0 ? [] : [value / other.value]
  })
}
