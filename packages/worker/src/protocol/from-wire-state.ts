import type { WireUploadState } from './engine-api.ts'
import type { UploadState } from './upload-state.ts'
import { fromWireError } from './wire-error.ts'

/** A state as the page tells it. The other way is of the engine alone: `engine/to-wire-state.ts`. */
export function fromWireState(wire: WireUploadState): UploadState {
  if (wire.status === 'failed') return { status: 'failed', error: fromWireError(wire.error) }
  if (wire.status !== 'paused') return wire
  return { status: 'paused', error: wire.error && fromWireError(wire.error) }
}
