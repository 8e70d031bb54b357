import { effect } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { format, words } from '../words/language.ts'
import { MOST_SAMPLES } from './throughput.ts'

/** How fast bytes were sent over the last two minutes. */
export function ThroughputView({
  samples,
}: {
  readonly samples: ReadonlySignal<readonly number[]>
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const end = new AbortController()
    void drawWhileThere(canvas.current, samples, end.signal)
    return () => end.abort()
  }, [samples])
  const latest = samples.value.at(-1) ?? 0
  return (
    <div class="throughput">
      <canvas
        ref={canvas}
        role="img"
        aria-label={words.value.engine.throughputNow(format.value.speed(latest))}
        data-testid="throughput"
        data-samples={samples.value.length}
      />
    </div>
  )
}

async function drawWhileThere(
  canvas: HTMLCanvasElement | null,
  samples: ReadonlySignal<readonly number[]>,
  signal: AbortSignal,
): Promise<void> {
  // The chart library is larger than the rest of the page, and comes after it.
  const { createThroughputChart } = await import('./draw-throughput.ts')
  if (canvas === null || signal.aborted) return
  const chart = createThroughputChart(canvas, MOST_SAMPLES)
  const stop = effect(() => chart.show(samples.value))
  signal.addEventListener('abort', () => {
    stop()
    chart.destroy()
  })
}
