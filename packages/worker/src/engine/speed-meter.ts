import type { UploadProgress } from '../protocol/upload-state.ts'

/** Speed is the mean over this time, in milliseconds: long enough to be calm, short enough to follow the network. */
const WINDOW_MS = 5000

/** How many bytes had been sent at a time. Oldest first. */
export interface Sample {
  readonly atMs: number
  readonly sentBytes: number
}

/** Adds a sample and drops those that the window no longer needs; bytes given up start the measurement anew. */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1)
  if (last !== undefined && sample.sentBytes < last.sentBytes) return [sample]
  const firstInside = samples.findIndex(({ atMs }) => atMs > sample.atMs - WINDOW_MS)
  // One sample from before the window stays, to measure the window's beginning from.
  const kept = firstInside === -1 ? samples.slice(-1) : samples.slice(Math.max(0, firstInside - 1))
  return [...kept, sample]
}

/** What the samples tell. */
export function toProgress(samples: readonly Sample[], totalBytes: number): UploadProgress {
  const first = samples.at(0)
  const last = samples.at(-1)
  if (first === undefined || last === undefined) {
    return { sentBytes: 0, totalBytes, bytesPerSecond: 0, etaMs: undefined }
  }
  const elapsedMs = last.atMs - first.atMs
  const bytesPerSecond = elapsedMs > 0 ? ((last.sentBytes - first.sentBytes) * 1000) / elapsedMs : 0
  const etaMs = bytesPerSecond > 0 ? ((totalBytes - last.sentBytes) * 1000) / bytesPerSecond : undefined
  return { sentBytes: last.sentBytes, totalBytes, bytesPerSecond, etaMs }
}
