import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js'
import { formatSpread } from '../../bench/figures.ts'
import { findElement } from '../element.ts'
import type { Summary } from './summary.ts'

export interface ResultsView {
  show(summaries: readonly Summary[]): void
}

/**
 * Table and charts of what was measured. The table has all that the charts show.
 *
 * @param nameOf a contender's name for people
 */
export function createResultsView(section: HTMLElement, nameOf: (id: string) => string): ResultsView {
  Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip)
  const body = findElement(section, 'tbody', HTMLTableSectionElement)
  let charts: readonly ShowBars[] | undefined
  return {
    show(summaries) {
      section.hidden = false
      // A chart that is made in a hidden place has no size.
      charts ??= [
        createBars(findElement(section, '[data-part=speed]', HTMLCanvasElement)),
        createBars(findElement(section, '[data-part=gaps]', HTMLCanvasElement)),
      ]
      const names = summaries.map(({ contender }) => nameOf(contender))
      const [showSpeeds, showGaps] = charts
      showSpeeds?.(
        names,
        summaries.map(({ mibPerSecond }) => mibPerSecond?.median ?? 0),
      )
      showGaps?.(
        names,
        summaries.map(({ longestGapMs }) => longestGapMs?.median ?? 0),
      )
      body.replaceChildren(...summaries.map((summary) => createRow(nameOf(summary.contender), summary)))
    },
  }
}

function createRow(name: string, summary: Summary): HTMLTableRowElement {
  const row = document.createElement('tr')
  row.dataset['contender'] = summary.contender
  const head = document.createElement('th')
  head.scope = 'row'
  head.textContent = name
  const texts = [
    formatSpread(summary.mibPerSecond, 1),
    formatSpread(summary.ofCeiling, 2),
    formatSpread(summary.longestGapMs, 0),
    formatSpread(summary.blockedMs, 0),
    summary.failed.length === 0 ? '' : `${summary.failed.length}: ${summary.failed[0]}`,
  ]
  const cells = texts.map((text) => {
    const cell = document.createElement('td')
    cell.textContent = text
    return cell
  })
  row.append(head, ...cells)
  return row
}

type ShowBars = (names: readonly string[], values: readonly number[]) => void

function createBars(canvas: HTMLCanvasElement): ShowBars {
  const color = (name: string) => (): string => getComputedStyle(canvas).getPropertyValue(name)
  const labels: string[] = []
  const data: number[] = []
  const chart = new Chart(canvas, {
    type: 'bar',
    data: { labels, datasets: [{ data, backgroundColor: color('--accent') }] },
    options: {
      animation: false,
      indexAxis: 'y',
      maintainAspectRatio: false,
      scales: {
        x: { beginAtZero: true, ticks: { color: color('--ink') }, grid: { color: color('--line') } },
        y: { ticks: { color: color('--ink') }, grid: { display: false } },
      },
    },
  })
  // Colors are asked for at each update.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chart.update())
  return (names, values) => {
    labels.splice(0, labels.length, ...names)
    data.splice(0, data.length, ...values)
    chart.update()
  }
}
