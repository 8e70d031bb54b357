import type { PageFigures } from '../../bench/results.ts'
import { pairedRatios, spreadOf } from '../../bench/statistics.ts'
import type { Measured, Spread } from '../../bench/statistics.ts'

/** A turn as the page alone can measure it. */
export interface PageRun {
  readonly contender: string
  readonly round: number
  readonly sizeBytes: number
  readonly page: PageFigures
}

/** One contender's turns together. */
export interface Summary {
  readonly contender: string
  readonly mibPerSecond: Spread | undefined
  /** Speed over that of the ceiling in the same round. */
  readonly ofCeiling: Spread | undefined
  readonly longestGapMs: Spread | undefined
  readonly blockedMs: Spread | undefined
  readonly failed: readonly string[]
}

const MIB = 1024 ** 2

/** A row for each contender, in the order of their first turns. Turns that failed have no figures. */
export function summarize(runs: readonly PageRun[]): readonly Summary[] {
  const speedsOf = (id: string): readonly Measured[] =>
    runs
      .filter(({ contender, page }) => contender === id && page.error === undefined)
      .map(({ round, sizeBytes, page }) => ({ round, value: sizeBytes / MIB / (page.durationMs / 1000) }))
  const ceiling = speedsOf('ceiling')
  return [...new Set(runs.map(({ contender }) => contender))].map((contender) => {
    const speeds = speedsOf(contender)
    const own = runs.filter((run) => run.contender === contender)
    const done = own.filter(({ page }) => page.error === undefined)
    return {
      contender,
      mibPerSecond: spreadOf(speeds.map(({ value }) => value)),
      ofCeiling: spreadOf(pairedRatios(speeds, ceiling)),
      longestGapMs: spreadOf(done.map(({ page }) => page.longestGapMs)),
      blockedMs: spreadOf(done.map(({ page }) => page.blockedMs)),
      failed: own.flatMap(({ page }) => page.error ?? []),
    }
  })
}
