import { effect } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { words } from '../words/language.ts'
import type { Bar } from './draw-bars.ts'

interface BarsProps {
  readonly title: string
  readonly bars: ReadonlySignal<readonly Bar[]>
}

/** A chart of figures that a table has as well. */
export function Bars({ title, bars }: BarsProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const end = new AbortController()
    void drawWhileThere(canvas.current, bars, end.signal)
    return () => end.abort()
  }, [bars])
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div>
        <canvas ref={canvas} role="img" aria-label={words.value.bench.inTable(title)} />
      </div>
    </figure>
  )
}

async function drawWhileThere(
  canvas: HTMLCanvasElement | null,
  bars: ReadonlySignal<readonly Bar[]>,
  signal: AbortSignal,
): Promise<void> {
  const { createBarChart } = await import('./draw-bars.ts')
  if (canvas === null || signal.aborted) return
  const chart = createBarChart(canvas)
  const stop = effect(() => chart.show(bars.value))
  signal.addEventListener('abort', () => {
    stop()
    chart.destroy()
  })
}
