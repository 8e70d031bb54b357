import { isEnded } from '../protocol/upload-state.ts'
import type { UploadResult, UploadState } from '../protocol/upload-state.ts'
import type { UploadError } from '../protocol/errors.ts'

/** What happens to an upload. */
export type UploadEvent =
  | { readonly type: 'start' }
  | { readonly type: 'wait' }
  | { readonly type: 'prepare' }
  | { readonly type: 'send' }
  | { readonly type: 'complete' }
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
  switch (event.type) {
    case 'start':
      return state.status === 'queued' ? { status: 'preparing' } : state
    case 'wait':
      return state.status === 'preparing' ? { status: 'waiting', reason: 'locked' } : state
    case 'prepare':
      return state.status === 'waiting' || state.status === 'uploading' || state.status === 'completing'
        ? { status: 'preparing' }
        : state
    case 'send':
      return state.status === 'preparing' ? { status: 'uploading' } : state
    case 'complete':
      return state.status === 'uploading' ? { status: 'completing' } : state
    case 'pause':
      return state.status === 'completing' || state.status === 'paused'
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
