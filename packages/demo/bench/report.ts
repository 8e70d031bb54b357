import {
  blockedMs,
  cpuSecondsPerGib,
  firstByteMs,
  formatSpread,
  longestGapMs,
  memoryAboveIdleMib,
  mibPerSecond,
  preflights,
  ratioOfRuns,
  requests,
  serverBusy,
  spreadOfRuns,
} from './figures.ts'
import type { Figure } from './figures.ts'
import type { Entry, Run } from './results.ts'
import { spreadOf } from './statistics.ts'
import type { Spread } from './statistics.ts'
import type { TargetResult } from './targets.ts'
import { differenceOf } from './verdict.ts'

/** A workload as it was run, or why it was not. */
export interface ReportedWorkload {
  readonly id: string
  readonly name: string
  readonly measures: 'run' | 'memory' | 'start'
  readonly note: string | undefined
  readonly skipped: string | undefined
}

/** The targets as a table in Markdown. */
export function tabulateTargets(targets: readonly TargetResult[]): string {
  const rows = targets.map(({ name, aim, measured, verdict }) => [name, aim, measured, verdict])
  return table(['Target', 'Aim', 'Measured', 'Verdict'], rows)
}

/** What a workload came to, as a section in Markdown. */
export function describeWorkload(
  runs: readonly Run[],
  workload: ReportedWorkload,
  entries: readonly Entry[],
): string {
  const { id, name, note, skipped } = workload
  const heading = `### ${name}`
  if (skipped !== undefined) return `${heading}\n\nNot run: ${skipped}`
  const taking = entries.filter(({ id: contender }) =>
    runs.some((run) => run.workload === id && run.contender === contender),
  )
  const own = runs.filter((run) => run.workload === id)
  return [
    heading,
    ...(note === undefined ? [] : [note]),
    tabulate(own, workload, taking),
    ...failuresOf(own, taking),
    ...beaconsOf(own, taking),
    ...(workload.measures === 'run' ? [compareSluice(own, workload, taking)] : []),
  ].join('\n\n')
}

function tabulate(
  runs: readonly Run[],
  { id, measures }: ReportedWorkload,
  taking: readonly Entry[],
): string {
  const columns = COLUMNS[measures]
  const rows = taking.map(({ id: contender, name }) => [
    name,
    ...columns.map(({ spread, digits }) => formatSpread(spread(runs, id, contender), digits)),
  ])
  return table(['', ...columns.map(({ title }) => title)], rows)
}

interface Column {
  readonly title: string
  readonly digits: number
  readonly spread: (runs: readonly Run[], workload: string, contender: string) => Spread | undefined
}

function column(title: string, figure: Figure, digits: number): Column {
  return {
    title,
    digits,
    spread: (runs, workload, contender) => spreadOfRuns(runs, workload, contender, figure),
  }
}

const COLUMNS: Readonly<Record<ReportedWorkload['measures'], readonly Column[]>> = {
  run: [
    column('MiB/s', mibPerSecond, 1),
    {
      title: 'of the ceiling',
      digits: 2,
      spread: (runs, workload, contender) =>
        ratioOfRuns(runs, workload, [contender, 'ceiling'], mibPerSecond),
    },
    column('requests', requests, 0),
    column('preflights', preflights, 0),
    column('longest page-thread gap, ms', longestGapMs, 0),
    column('blocked over 50 ms, ms', blockedMs, 0),
    column('browser CPU s/GiB', cpuSecondsPerGib, 1),
    column('first byte, ms', firstByteMs, 0),
    column('server CPU, cores', serverBusy, 2),
  ],
  memory: [
    column('memory above idle, MiB', memoryAboveIdleMib, 0),
    column('MiB/s meanwhile', mibPerSecond, 1),
  ],
  start: [column('upload() to the first byte, ms', firstByteMs, 0)],
}

/** Failures are figures too: they are said, and not averaged away. */
function failuresOf(runs: readonly Run[], taking: readonly Entry[]): readonly string[] {
  return taking.flatMap(({ id, name }) => {
    const failed = runs.filter((run) => run.contender === id && run.page.error !== undefined)
    if (failed.length === 0) return []
    return [`${name} failed ${failed.length} times: ${failed[0]?.page.error}`]
  })
}

/** Who reports to somebody else while it uploads. */
function beaconsOf(runs: readonly Run[], taking: readonly Entry[]): readonly string[] {
  return taking.flatMap(({ id, name }) => {
    const counts = spreadOf(runs.filter(({ contender }) => contender === id).map(({ page }) => page.beacons))
    if (counts === undefined || counts.most === 0) return []
    return [`Requests of ${name} to other hosts than the storage's: ${formatSpread(counts, 0)}.`]
  })
}

/** Sluice beside each of the others, as sentences: a difference that the rounds do not agree on is none. */
function compareSluice(runs: readonly Run[], { id }: ReportedWorkload, taking: readonly Entry[]): string {
  const others = taking.filter(({ id: other }) => other !== 'ceiling' && !other.startsWith('sluice'))
  const parts = others.flatMap(({ id: other, name }) => {
    const ratio = ratioOfRuns(runs, id, ['sluice', other], mibPerSecond)
    if (ratio === undefined) return []
    const noise =
      ratio.count < 2 ? ' (one round)' : differenceOf(ratio) === 'within noise' ? ' (within noise)' : ''
    return [`${name}: ${formatSpread(ratio, 2)} times the speed${noise}`]
  })
  return parts.length === 0 ? 'Nothing to compare Sluice with.' : `Sluice beside ${parts.join('; ')}.`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
