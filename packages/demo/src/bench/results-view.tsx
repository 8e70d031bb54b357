import { useComputed } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import { formatSpread } from '../../bench/figures.ts'
import type { Spread } from '../../bench/statistics.ts'
import { words } from '../words/language.ts'
import { wayWords } from '../words/words.ts'
import { Bars } from './bars.tsx'
import type { Contender } from './contenders/contender.ts'
import type { Bar } from './draw-bars.ts'
import { summarize } from './summary.ts'
import type { PageRun, Summary } from './summary.ts'

interface ResultsViewProps {
  readonly contenders: readonly Contender[]
  readonly runs: ReadonlySignal<readonly PageRun[]>
}

/** Table and charts of what was measured. The table has all that the charts show. */
export function ResultsView({ contenders, runs }: ResultsViewProps): JSX.Element {
  const summaries = useComputed(() => summarize(runs.value))
  const { bench: say } = words.value
  const { columns } = say
  const nameOf = (id: string): string => {
    const contender = contenders.find((one) => one.id === id)
    return contender === undefined ? id : wayWords(words.value, contender)
  }
  const barsOf = (figure: (summary: Summary) => Spread | undefined): readonly Bar[] =>
    summaries.value.map((summary) => [nameOf(summary.contender), figure(summary)?.median ?? 0])
  const speeds = useComputed(() => barsOf(({ mibPerSecond }) => mibPerSecond))
  const gaps = useComputed(() => barsOf(({ longestGapMs }) => longestGapMs))
  return (
    <section
      class="panel"
      aria-labelledby="results-title"
      data-testid="bench-results"
      hidden={summaries.value.length === 0}
    >
      <h2 id="results-title">{say.results}</h2>
      <p class="muted" id="results-about">
        {say.caption}
      </p>
      <p class="muted">
        {say.outside[0]}
        <code>npm run bench</code>
        {say.outside[1]}
      </p>
      {/* Not before: a chart that is made in a hidden place has no size. */}
      {summaries.value.length > 0 && (
        <div class="bench-charts">
          <Bars title={say.speedChart} bars={speeds} />
          <Bars title={say.gapChart} bars={gaps} />
        </div>
      )}
      {/* Focusable, since it scrolls. */}
      <div class="bench-scroll" role="group" aria-labelledby="results-title" tabIndex={0}>
        <table class="bench-table" aria-labelledby="results-title" aria-describedby="results-about">
          <thead>
            <tr>
              {[
                columns.way,
                columns.speed,
                columns.ofCeiling,
                columns.gap,
                columns.blocked,
                columns.failed,
              ].map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {summaries.value.map((summary) => (
              <Row key={summary.contender} name={nameOf(summary.contender)} summary={summary} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Row({ name, summary }: { readonly name: string; readonly summary: Summary }): JSX.Element {
  const { contender, mibPerSecond, ofCeiling, longestGapMs, blockedMs, failed } = summary
  return (
    <tr data-contender={contender}>
      <th scope="row">{name}</th>
      <td>{formatSpread(mibPerSecond, 1)}</td>
      <td>{formatSpread(ofCeiling, 2)}</td>
      <td>{formatSpread(longestGapMs, 0)}</td>
      <td>{formatSpread(blockedMs, 0)}</td>
      <td>{failed.length === 0 ? '' : `${failed.length}: ${failed[0]}`}</td>
    </tr>
  )
}
