/** How one body went. */
export interface BodySample {
  readonly sizeBytes: number
  /** From the request to its answer, in milliseconds. */
  readonly tookMs: number
}

/** How many samples are kept: enough to be calm, few enough to follow. */
const SAMPLES = 10

export function addBodySample(samples: readonly BodySample[], sample: BodySample): readonly BodySample[] {
  return [...samples, sample].slice(-SAMPLES)
}

/** What a link gives one of the bodies that share it, in bytes per second; undefined as long as nothing tells. */
export function speedOfBody(samples: readonly BodySample[]): number | undefined {
  if (samples.length === 0) return undefined
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
  const tookMs = Math.max(1, sum(samples.map((sample) => sample.tookMs)))
  return (sum(samples.map((sample) => sample.sizeBytes)) / tookMs) * 1000
}
