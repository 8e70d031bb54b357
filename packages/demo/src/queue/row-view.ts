import type { UploadProgress, UploadState, UploadStatus } from '@sluice/core'
import type { Format } from '../words/format.ts'
import { statusWords } from '../words/words.ts'
import type { RowAction, Words } from '../words/words.ts'

/** An upload at one moment. */
export interface Moment {
  readonly state: UploadState
  readonly progress: UploadProgress
  /** From its turn to its end; undefined unless it has succeeded. */
  readonly tookMs: number | undefined
  /** A cancel may have left something on the server. */
  readonly cancelError: Error | undefined
}

/** All that a row shows, for one moment. */
export interface RowView {
  readonly status: UploadStatus
  /** The state in words. */
  readonly words: string
  /** 0 to 100, a whole number; 100 not before everything is sent. */
  readonly percent: number
  readonly sentBytes: number
  readonly totalBytes: number
  readonly facts: readonly Fact[]
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
export function toRowView(moment: Moment, words: Words, format: Format): RowView {
  const { state, progress } = moment
  const { sentBytes, totalBytes } = progress
  return {
    status: state.status,
    words: statusWords(words, state),
    percent: totalBytes === 0 ? Number(state.status === 'succeeded') * 100 : percentOf(sentBytes, totalBytes),
    sentBytes,
    totalBytes,
    facts: factsOf(moment, words, format),
    problem: problemOf(moment, words),
    actions: actionsOf(state.status),
  }
}

/** A whole number; 100 not before all is sent. */
export function percentOf(sentBytes: number, totalBytes: number): number {
  return Math.floor((sentBytes / totalBytes) * 100)
}

function problemOf({ state, cancelError }: Moment, words: Words): Problem | undefined {
  if (cancelError !== undefined) return { what: cancelError.message, advice: words.adviceOnLeftovers }
  if (state.status === 'failed') {
    return { what: words.error(state.error), advice: words.advice[state.error.code] }
  }
  if (state.status !== 'paused' || state.error === undefined) return undefined
  return { what: words.error(state.error), advice: words.adviceToResume }
}

function factsOf({ state, progress, tookMs }: Moment, { facts }: Words, format: Format): readonly Fact[] {
  if (state.status === 'succeeded') {
    const { mediaId, key, crc64 } = state.result
    return [
      { label: facts.mediaId, value: mediaId ?? facts.none },
      { label: facts.key, value: key },
      { label: facts.crc64, value: crc64 ?? facts.unknown },
      { label: facts.took, value: tookMs === undefined ? facts.unknown : format.duration(tookMs) },
    ]
  }
  const { sentBytes, totalBytes, bytesPerSecond, etaMs } = progress
  const isMoving = state.status === 'uploading' && bytesPerSecond > 0
  return [
    { label: facts.sent, value: facts.sentOf(format.bytes(sentBytes), format.bytes(totalBytes)) },
    { label: facts.speed, value: isMoving ? format.speed(bytesPerSecond) : '–' },
    { label: facts.timeLeft, value: isMoving && etaMs !== undefined ? format.duration(etaMs) : '–' },
  ]
}

export function actionsOf(status: UploadStatus): readonly RowAction[] {
  switch (status) {
    case 'queued':
    case 'preparing':
    case 'waiting':
    case 'uploading':
      return ['pause', 'cancel']
    case 'paused':
      return ['resume', 'cancel']
    case 'completing':
      return []
    case 'succeeded':
      return ['remove']
    case 'failed':
    case 'canceled':
      return ['retry', 'remove']
  }
}
