import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'

const SAMPLE_MS = 1000
/** Two minutes. */
const MOST_SAMPLES = 120

/**
 * Bytes handed to the network in each of the last seconds, the latest last.
 *
 * @param sentBytes how many there are until now; less than before when an upload is taken from the list
 */
export function sampleThroughput(sentBytes: () => number): ReadonlySignal<readonly number[]> {
  const samples = signal<readonly number[]>([])
  let before = { bytes: 0, atMs: performance.now() }
  setInterval(() => {
    const now = { bytes: sentBytes(), atMs: performance.now() }
    const perSecond = (Math.max(0, now.bytes - before.bytes) / (now.atMs - before.atMs)) * 1000
    before = now
    // Nothing has happened yet.
    if (samples.peek().length === 0 && perSecond === 0) return
    samples.value = [...samples.peek(), perSecond].slice(-MOST_SAMPLES)
  }, SAMPLE_MS)
  return samples
}
