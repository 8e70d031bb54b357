import type { UploadProgress, UploadState, UploadStatus } from '@sluice/core'
import { formatBytes, formatDuration, formatSpeed } from './format.ts'
import { ERROR_ADVICE, wordsOf } from './words.ts'

/** What a person can do with an upload; the names of the row's buttons. */
export type RowAction = 'pause' | 'resume' | 'cancel' | 'retry'

/** All that a row shows, for one moment. */
export interface RowView {
  readonly status: UploadStatus
  /** The state in words. */
  readonly words: string
  /** 0 to 100, a whole number; 100 not before everything is sent. */
  readonly percent: number
  readonly sentBytes: number
  readonly totalBytes: number
  /** Three at any time, so that the row keeps its height. */
  readonly facts: readonly [Fact, Fact, Fact]
  /** What went wrong and what to do. */
  readonly problem: Problem | undefined
  readonly actions: readonly RowAction[]
}

export interface Fact {
  readonly label: string
  readonly value: string
}

export interface Problem {
  readonly what: string
  readonly advice: string
}

/** What a row shows of an upload. */
export function toRowView(state: UploadState, progress: UploadProgress): RowView {
  const { sentBytes, totalBytes } = progress
  return {
    status: state.status,
    words: wordsOf(state),
    percent: totalBytes === 0 ? Number(state.status === 'succeeded') * 100 : percentOf(sentBytes, totalBytes),
    sentBytes,
    totalBytes,
    facts: factsOf(state, progress),
    problem: problemOf(state),
    actions: actionsOf(state.status),
  }
}

/** Something may be left on the server after a cancel: the upload has ended, but not cleanly. */
export function toCancelProblem(error: unknown): Problem {
  return {
    what: error instanceof Error ? error.message : String(error),
    advice: 'VOD deletes parts that are left over after seven days.',
  }
}

function percentOf(sentBytes: number, totalBytes: number): number {
  return Math.floor((sentBytes / totalBytes) * 100)
}

function problemOf(state: UploadState): Problem | undefined {
  if (state.status === 'failed') return { what: state.error.message, advice: ERROR_ADVICE[state.error.code] }
  if (state.status !== 'paused' || state.error === undefined) return undefined
  return { what: state.error.message, advice: 'Press Resume to ask again.' }
}

function factsOf(state: UploadState, progress: UploadProgress): RowView['facts'] {
  if (state.status === 'succeeded') {
    const { mediaId, key, crc64 } = state.result
    return [
      { label: 'Media id', value: mediaId ?? 'none' },
      { label: 'Key', value: key },
      { label: 'CRC-64', value: crc64 ?? 'unknown' },
    ]
  }
  const { sentBytes, totalBytes, bytesPerSecond, etaMs } = progress
  const isMoving = state.status === 'uploading' && bytesPerSecond > 0
  return [
    { label: 'Sent', value: `${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}` },
    { label: 'Speed', value: isMoving ? formatSpeed(bytesPerSecond) : '–' },
    { label: 'Time left', value: isMoving && etaMs !== undefined ? formatDuration(etaMs) : '–' },
  ]
}

function actionsOf(status: UploadStatus): readonly RowAction[] {
  switch (status) {
    case 'queued':
    case 'preparing':
    case 'waiting':
    case 'uploading':
      return ['pause', 'cancel']
    case 'paused':
      return ['resume', 'cancel']
    case 'completing':
    case 'succeeded':
      return []
    case 'failed':
    case 'canceled':
      return ['retry']
  }
}
