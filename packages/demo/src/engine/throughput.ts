import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'

const SAMPLE_MS = 1000
/** Two minutes. */
export const MOST_SAMPLES = 120

/**
 * Writes a speed down every second, the latest last. Nothing is written before there was any.
 *
 * @param bytesPerSecond the speed now
 */
export function sampleThroughput(bytesPerSecond: () => number): ReadonlySignal<readonly number[]> {
  const samples = signal<readonly number[]>([])
  setInterval(() => {
    const speed = bytesPerSecond()
    if (samples.peek().length > 0 || speed > 0)
      samples.value = [...samples.peek(), speed].slice(-MOST_SAMPLES)
  }, SAMPLE_MS)
  return samples
}
