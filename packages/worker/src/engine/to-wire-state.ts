import type { WireUploadState } from '../protocol/engine-api.ts'
import type { UploadState } from '../protocol/upload-state.ts'
import { toWireError } from '../protocol/wire-error.ts'

/** A state as it is posted to the page, which reads it with `fromWireState`. */
export function toWireState(state: UploadState): WireUploadState {
  if (state.status === 'failed') return { status: 'failed', error: toWireError(state.error) }
  if (state.status === 'paused') return { status: 'paused', error: state.error && toWireError(state.error) }
  return state
}
