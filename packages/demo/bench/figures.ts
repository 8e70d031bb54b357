import type { Run } from './results.ts'
import { pairedRatios, spreadOf } from './statistics.ts'
import type { Measured, Spread } from './statistics.ts'

const MIB = 1024 ** 2

/** A number that is taken from a run. */
export type Figure = (run: Run) => number

export const mibPerSecond: Figure = ({ sizeBytes, page }) => sizeBytes / MIB / (page.durationMs / 1000)
export const cpuSecondsPerGib: Figure = ({ sizeBytes, browserCpuSeconds }) =>
  browserCpuSeconds / (sizeBytes / 1024 ** 3)
export const longestGapMs: Figure = ({ page }) => page.longestGapMs
export const addingGapMs: Figure = ({ page }) => page.addingGapMs
/** How much longer the page's thread did not answer than while nothing was uploaded. */
export const gapAboveIdleMs: Figure = ({ page }) => Math.max(page.longestGapMs - page.idleGapMs, 0)
export const blockedMs: Figure = ({ page }) => page.blockedMs
export const firstByteMs: Figure = ({ page, service }) =>
  (service.firstByteAtMs ?? Number.NaN) - page.startedAtMs
export const requests: Figure = ({ service }) => service.requests
export const preflights: Figure = ({ service }) => service.preflights
export const memoryAboveIdleMib: Figure = ({ memory }) =>
  memory === undefined ? Number.NaN : (memory.peakBytes - memory.idleBytes) / MIB
/** Share of one core that the server took. */
export const serverBusy: Figure = ({ service, page }) => service.cpuSeconds / (page.durationMs / 1000)

/** A figure of a contender's runs of a workload. Runs that failed have none. */
export function measure(
  runs: readonly Run[],
  workload: string,
  contender: string,
  figure: Figure,
): readonly Measured[] {
  return runs
    .filter((run) => run.workload === workload && run.contender === contender && run.page.error === undefined)
    .map((run) => ({ round: run.round, value: figure(run) }))
}

export function spreadOfRuns(
  runs: readonly Run[],
  workload: string,
  contender: string,
  figure: Figure,
): Spread | undefined {
  return spreadOf(measure(runs, workload, contender, figure).map(({ value }) => value))
}

/** A figure of one contender over that of another, by rounds. */
export function ratioOfRuns(
  runs: readonly Run[],
  workload: string,
  [own, other]: readonly [string, string],
  figure: Figure,
): Spread | undefined {
  return spreadOf(pairedRatios(measure(runs, workload, own, figure), measure(runs, workload, other, figure)))
}

/** Spread in words: the median, and the least and the most where they differ. */
export function formatSpread(spread: Spread | undefined, digits: number): string {
  if (spread === undefined) return '–'
  const [middle = '', least = '', most = ''] = [spread.median, spread.least, spread.most].map((value) =>
    value.toFixed(digits),
  )
  return least === most ? middle : `${middle} (${least}–${most})`
}
