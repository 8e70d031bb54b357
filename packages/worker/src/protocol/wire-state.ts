import type { WireUploadState } from './engine-api.ts'
import type { UploadState } from './upload-state.ts'
import { fromWireError, toUploadError, toWireError } from './wire-error.ts'

export function toWireState(state: UploadState): WireUploadState {
  if (state.status === 'failed') return { status: 'failed', error: toWireError(state.error) }
  if (state.status === 'paused') return { status: 'paused', error: state.error && toWireError(state.error) }
  return state
}

export function fromWireState(wire: WireUploadState): UploadState {
  if (wire.status === 'failed') return { status: 'failed', error: toUploadError(fromWireError(wire.error)) }
  if (wire.status !== 'paused') return wire
  return { status: 'paused', error: wire.error && toUploadError(fromWireError(wire.error)) }
}
