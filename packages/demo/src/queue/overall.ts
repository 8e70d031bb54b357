import { percentOf } from './row-view.ts'
import type { Moment } from './row-view.ts'

/** All uploads of the list at one moment. Canceled ones do not count; of failed ones, what they sent is not counted. */
export interface Overall {
  readonly all: number
  readonly succeeded: number
  readonly failed: number
  /** Uploads that go on by themselves. */
  readonly running: number
  readonly paused: number
  readonly canceled: number
  readonly sentBytes: number
  readonly totalBytes: number
  readonly bytesPerSecond: number
  /** Undefined while nothing moves. */
  readonly etaMs: number | undefined
  /** 0 to 100, a whole number; 100 not before everything is sent. */
  readonly percent: number
}

export function toOverall(moments: Iterable<Pick<Moment, 'state' | 'progress'>>): Overall {
  const counts = { all: 0, succeeded: 0, failed: 0, running: 0, paused: 0, canceled: 0 }
  let sentBytes = 0
  let totalBytes = 0
  let bytesPerSecond = 0
  for (const { state, progress } of moments) {
    counts.all += 1
    counts[groupOf(state.status)] += 1
    if (state.status === 'failed' || state.status === 'canceled') continue
    sentBytes += progress.sentBytes
    totalBytes += progress.totalBytes
    if (state.status === 'uploading') bytesPerSecond += progress.bytesPerSecond
  }
  return {
    ...counts,
    sentBytes,
    totalBytes,
    bytesPerSecond,
    etaMs: bytesPerSecond > 0 ? ((totalBytes - sentBytes) / bytesPerSecond) * 1000 : undefined,
    percent: totalBytes > 0 ? percentOf(sentBytes, totalBytes) : Number(counts.succeeded > 0) * 100,
  }
}

function groupOf(
  status: Moment['state']['status'],
): 'succeeded' | 'failed' | 'running' | 'paused' | 'canceled' {
  switch (status) {
    case 'succeeded':
    case 'failed':
    case 'paused':
    case 'canceled':
      return status
    case 'queued':
    case 'preparing':
    case 'uploading':
    case 'waiting':
    case 'completing':
      return 'running'
  }
}
