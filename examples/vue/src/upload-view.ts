import type { UploadErrorCode, UploadProgress, UploadState } from '@sluice/core'

/** What the page shows of an upload. */
export interface UploadView {
  readonly words: string
  readonly percent: number
  /** What went wrong and what to do; empty while all is well. */
  readonly problem: string
  /** What the first button does. */
  readonly action: 'pause' | 'resume' | 'retry'
  readonly canAct: boolean
  readonly canCancel: boolean
}

export function toView(state: UploadState, { sentBytes, totalBytes }: UploadProgress): UploadView {
  const { status } = state
  const isDone = status === 'completing' || status === 'succeeded'
  const isStopped = status === 'failed' || status === 'canceled'
  return {
    words: status === 'waiting' ? WAITING_WORDS[state.reason] : STATUS_WORDS[status],
    percent: totalBytes === 0 ? 100 * Number(isDone) : Math.floor((100 * sentBytes) / totalBytes),
    problem: problemOf(state),
    action: status === 'paused' ? 'resume' : isStopped ? 'retry' : 'pause',
    canAct: !isDone,
    canCancel: !isDone && !isStopped,
  }
}

/** What happened, and what to do in a line of its own. */
function problemOf(state: UploadState): string {
  if (state.status === 'failed') {
    const advice = ADVICE[state.error.code] ?? 'Retry. If it fails again, tell us these words.'
    return `${state.error.message}\n${advice}`
  }
  // It was paused since credentials could not be had, not by its user.
  if (state.status === 'paused' && state.error !== undefined) {
    return `${state.error.message}\nPress Resume to ask again.`
  }
  return ''
}

const ADVICE: Partial<Record<UploadErrorCode, string>> = {
  CREDENTIALS_FAILED: 'Sign in again if you were away, then retry.',
  FILE_CHANGED: 'Choose the file again.',
  FILE_UNREADABLE: 'Choose the file again.',
  NETWORK: 'Check your connection, then retry.',
  RESPONSE_INVALID: 'Check your connection, then retry.',
  TIMEOUT: 'Check your connection, then retry.',
}

const WAITING_WORDS: Record<Extract<UploadState, { status: 'waiting' }>['reason'], string> = {
  locked: 'Waiting for another tab that uploads this file',
  offline: 'Waiting for the network',
  credentials: 'Waiting for the server',
  backoff: 'Waiting before the next attempt',
}

const STATUS_WORDS: Record<Exclude<UploadState['status'], 'waiting'>, string> = {
  queued: 'Queued',
  preparing: 'Preparing',
  uploading: 'Uploading',
  paused: 'Paused',
  completing: 'Finishing',
  succeeded: 'Uploaded',
  failed: 'Failed',
  canceled: 'Canceled',
}
