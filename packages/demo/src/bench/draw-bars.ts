import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js'

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip)

/** A chart with a bar for each name. */
export interface BarChart {
  show(names: readonly string[], values: readonly number[]): void
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
        y: { ticks: { color: color('--ink') }, grid: { display: false } },
      },
    },
  })
  // Colors are asked for at each update.
  const repaint = (): void => chart.update()
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', repaint)
  return {
    show(names, values) {
      labels.splice(0, labels.length, ...names)
      data.splice(0, data.length, ...values)
      chart.update()
    },
    destroy() {
      scheme.removeEventListener('change', repaint)
      chart.destroy()
    },
  }
}
