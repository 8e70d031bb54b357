import { fromWireError } from '@sluice/worker/protocol'
import type { WireError } from '@sluice/worker/protocol'

/** Something that does not stop uploads, but that an application may want to know. */
export interface UploaderWarning {
  /**
   * - `CHECKPOINTS_IN_MEMORY`: the browser's database cannot be used (blocked, full, private window). Uploads go on, but
   *   cannot be resumed after this page has ended.
   */
  readonly code: 'CHECKPOINTS_IN_MEMORY'
  readonly message: string
  readonly cause: Error
}

/** Events of an uploader. */
export interface UploaderEvents {
  readonly warning: UploaderWarning
}

export function toWarning(wire: WireError): UploaderWarning {
  const cause = fromWireError(wire)
  // Chromium's QuotaExceededError comes without a message.
  const why = cause.message || cause.name
  return {
    code: 'CHECKPOINTS_IN_MEMORY',
    message: `Uploads cannot be resumed after this page has ended: the browser's database failed (${why})`,
    cause,
  }
}
