import {
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js'
import { format } from '../words/language.ts'

Chart.register(CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement)

/** A chart over time. */
export interface ThroughputChart {
  show(samples: readonly number[]): void
  destroy(): void
}

/** Draws the last seconds as a line, the latest at the right. */
export function createThroughputChart(canvas: HTMLCanvasElement, seconds: number): ThroughputChart {
  const color = (name: string) => (): string => getComputedStyle(canvas).getPropertyValue(name)
  const data: (number | null)[] = []
  const chart = new Chart(canvas, {
    type: 'line',
    data: {
      labels: Array.from({ length: seconds }, (_, index) => index - seconds + 1),
      datasets: [
        {
          data,
          borderColor: color('--accent'),
          backgroundColor: color('--accent-soft'),
          fill: true,
          pointRadius: 0,
        },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      elements: { line: { borderWidth: 2 } },
      scales: {
        x: { display: false },
        y: {
          beginAtZero: true,
          ticks: {
            color: color('--muted'),
            maxTicksLimit: 4,
            callback: (value) => format.peek().speed(Number(value)),
          },
          grid: { color: color('--line') },
        },
      },
    },
  })
  const repaint = (): void => chart.update()
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', repaint)
  return {
    show(samples) {
      data.splice(0, data.length, ...Array.from({ length: seconds - samples.length }, () => null), ...samples)
      chart.update()
    },
    destroy() {
      scheme.removeEventListener('change', repaint)
      chart.destroy()
    },
  }
}
