import { fromWireError } from '@sluice/worker/protocol'
import type { UploadError, WireError } from '@sluice/worker/protocol'

/** Something that does not stop uploads, but that an application may want to know. */
export interface UploaderWarning {
  /**
   * - `CHECKPOINTS_IN_MEMORY`: the browser's database cannot be used (blocked, full, private window). Uploads go on, but
   *   cannot be resumed after this page has ended.
   * - `CORS_HIDES_HEADERS`: a bucket's CORS rule does not expose the ETag or the CRC-64 of what was stored. Uploads go on
   *   and ask for them with further requests; the message has the rule to add.
   * - `WORKER_RESTARTED`: the upload worker crashed or did not answer any more (`cause`). Another has taken its uploads
   *   over, and goes on from what was confirmed.
   */
  readonly code: 'CHECKPOINTS_IN_MEMORY' | 'CORS_HIDES_HEADERS' | 'WORKER_RESTARTED'
  /** The same for people, with what to do. */
  readonly message: string
  /** What failed; undefined where nothing did. */
  readonly cause: Error | undefined
}

/** Events of an uploader. */
export interface UploaderEvents {
  /** Something that stops no upload. */
  readonly warning: UploaderWarning
}

export function toStorageWarning(wire: WireError): UploaderWarning {
  const cause = fromWireError(wire)
  // Chromium's QuotaExceededError comes without a message.
  const why = cause.message || cause.name
  return {
    code: 'CHECKPOINTS_IN_MEMORY',
    message: `Uploads cannot be resumed after this page has ended: the browser's database failed (${why})`,
    cause,
  }
}

export function toRestartWarning(cause: UploadError): UploaderWarning {
  return { code: 'WORKER_RESTARTED', message: `Uploads go on in a new worker. ${cause.message}`, cause }
}
