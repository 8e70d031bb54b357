import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { formatSpread } from '../../bench/figures.ts'
import { words } from '../words/language.ts'
import { createBarChart } from './draw-bars.ts'
import type { BarChart } from './draw-bars.ts'
import type { Summary } from './summary.ts'

interface ResultsViewProps {
  readonly summaries: readonly Summary[]
  /** A contender's name for people. */
  readonly nameOf: (id: string) => string
}

/** Table and charts of what was measured. The table has all that the charts show. */
export function ResultsView({ summaries, nameOf }: ResultsViewProps): JSX.Element {
  const { bench: say } = words.value
  const { columns } = say
  const names = summaries.map(({ contender }) => nameOf(contender))
  return (
    <section
      class="panel"
      aria-labelledby="results-title"
      data-testid="bench-results"
      hidden={summaries.length === 0}
    >
      <h2 id="results-title">{say.results}</h2>
      {summaries.length > 0 && (
        <div class="bench-charts">
          <Bars
            title={say.speedChart}
            names={names}
            values={summaries.map(({ mibPerSecond }) => mibPerSecond?.median ?? 0)}
          />
          <Bars
            title={say.gapChart}
            names={names}
            values={summaries.map(({ longestGapMs }) => longestGapMs?.median ?? 0)}
          />
        </div>
      )}
      {/* Focusable, since it scrolls. */}
      <div class="bench-scroll" role="group" aria-labelledby="results-title" tabIndex={0}>
        <table class="bench-table">
          <caption>{say.caption}</caption>
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
            {summaries.map((summary) => (
              <Row key={summary.contender} name={nameOf(summary.contender)} summary={summary} />
            ))}
          </tbody>
        </table>
      </div>
      <p>
        {say.outside[0]}
        <code>npm run bench</code>
        {say.outside[1]}
      </p>
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

interface BarsProps {
  readonly title: string
  readonly names: readonly string[]
  readonly values: readonly number[]
}

function Bars({ title, names, values }: BarsProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<BarChart>(null)
  useEffect(() => {
    if (canvas.current !== null) chart.current = createBarChart(canvas.current)
    return () => chart.current?.destroy()
  }, [])
  useEffect(() => chart.current?.show(names, values))
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div>
        <canvas ref={canvas} role="img" aria-label={words.value.bench.inTable(title)} />
      </div>
    </figure>
  )
}
