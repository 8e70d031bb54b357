import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js'

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip)

/** Narrower than this, in pixels, a name takes two lines. */
const NARROW_PX = 420

/** A name and its figure. */
export type Bar = readonly [name: string, value: number]

/** A chart with a bar for each name. */
export interface BarChart {
  show(bars: readonly Bar[]): void
  destroy(): void
}

export function createBarChart(canvas: HTMLCanvasElement): BarChart {
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
        y: {
          ticks: {
            color: color('--ink'),
            callback(value) {
              const name = this.getLabelForValue(Number(value))
              return this.chart.width < NARROW_PX ? name.split(/, |(?=（)/) : name
            },
          },
          grid: { display: false },
        },
      },
    },
  })
  // Colors are asked for at each update.
  const repaint = (): void => chart.update()
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', repaint)
  return {
    show(bars) {
      labels.splice(0, labels.length, ...bars.map(([name]) => name))
      data.splice(0, data.length, ...bars.map(([, value]) => value))
      chart.update()
    },
    destroy() {
      scheme.removeEventListener('change', repaint)
      chart.destroy()
    },
  }
}
