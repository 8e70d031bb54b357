/** How one body went. */
export interface BodySample {
  readonly sizeBytes: number
  /** From the request to the first bytes on their way: preflight, connection, waiting in the browser; in milliseconds. */
  readonly latencyMs: number
  /** From there to the answer, in milliseconds. */
  readonly transferMs: number
}

/** What a link gives one of the bodies that share it. */
export interface LinkEstimate {
  readonly bytesPerSecond: number
  /** Least latency seen lately: what is above it is waiting, not the way. In milliseconds. */
  readonly latencyMs: number
}

/** How many samples are kept: enough to be calm, few enough to follow. */
const SAMPLES = 10

export function addBodySample(samples: readonly BodySample[], sample: BodySample): readonly BodySample[] {
  return [...samples, sample].slice(-SAMPLES)
}

/** What the samples tell; undefined as long as there are none. */
export function estimateLink(samples: readonly BodySample[]): LinkEstimate | undefined {
  if (samples.length === 0) return undefined
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
  const sizeBytes = sum(samples.map((sample) => sample.sizeBytes))
  const transferMs = Math.max(1, sum(samples.map((sample) => sample.transferMs)))
  return {
    bytesPerSecond: (sizeBytes / transferMs) * 1000,
    latencyMs: Math.min(...samples.map(({ latencyMs }) => latencyMs)),
  }
}
