import { isEnded } from '../protocol/upload-state.ts'
import type { UploadPhase, UploadResult, UploadState, WaitingReason } from '../protocol/upload-state.ts'
import type { UploadError } from '../protocol/errors.ts'

/** What happens to an upload. */
export type UploadEvent =
  | { readonly type: 'start' }
  /** Somebody else has the lock of its file. */
  | { readonly type: 'wait' }
  | { readonly type: 'prepare' }
  | { readonly type: 'send' }
  | { readonly type: 'complete' }
  /** All of it waits for something, but goes on by itself. */
  | { readonly type: 'hold'; readonly reason: WaitingReason }
  | { readonly type: 'go' }
  | { readonly type: 'pause' }
  /** It cannot go on by itself, but when it is resumed. */
  | { readonly type: 'interrupt'; readonly error: UploadError }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }
  | { readonly type: 'succeed'; readonly result: UploadResult }
  | { readonly type: 'fail'; readonly error: UploadError }

/**
 * The one function that moves an upload from state to state. An event that means nothing in a state leaves it as it
 * is: an end is never left, and a pause that comes while the service puts the object together comes too late.
 */
export function transition(state: UploadState, event: UploadEvent): UploadState {
  if (isEnded(state)) return state
  const phase = phaseOf(state)
  switch (event.type) {
    case 'start':
      return state.status === 'queued' ? { status: 'preparing' } : state
    case 'wait':
      return phase === 'preparing' ? { status: 'waiting', reason: 'locked' } : state
    case 'prepare': {
      const isLocked = state.status === 'waiting' && state.reason === 'locked'
      return isLocked || phase === 'uploading' || phase === 'completing' ? { status: 'preparing' } : state
    }
    case 'send':
      return phase === 'preparing' ? { status: 'uploading' } : state
    case 'complete':
      return phase === 'uploading' ? { status: 'completing' } : state
    case 'hold': {
      const isHeld = state.status === 'waiting' && state.reason === event.reason
      return phase === undefined || isHeld
        ? state
        : { status: 'waiting', reason: event.reason, during: phase }
    }
    case 'go':
      return state.status === 'waiting' && state.reason !== 'locked' ? { status: state.during } : state
    case 'pause':
      return phase === 'completing' || state.status === 'paused'
        ? state
        : { status: 'paused', error: undefined }
    case 'interrupt':
      return { status: 'paused', error: event.error }
    case 'resume':
      return state.status === 'paused' ? { status: 'queued' } : state
    case 'cancel':
      return { status: 'canceled' }
    case 'succeed':
      return { status: 'succeeded', result: event.result }
    case 'fail':
      return { status: 'failed', error: event.error }
    default:
      return event satisfies never
  }
}

/** What a running upload is at, also while it waits for something there; undefined when it does not run. */
export function phaseOf(state: UploadState): UploadPhase | undefined {
  switch (state.status) {
    case 'preparing':
    case 'uploading':
    case 'completing':
      return state.status
    case 'waiting':
      return state.reason === 'locked' ? undefined : state.during
    case 'queued':
    case 'paused':
    case 'succeeded':
    case 'failed':
    case 'canceled':
      return undefined
  }
}
