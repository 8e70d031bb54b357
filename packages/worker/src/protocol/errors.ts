/**
 * What can go wrong, one code for each thing that a caller can tell apart.
 *
 * - `INVALID_OPTION`: an option is missing, of the wrong type or out of range. Mend the call.
 * - `INVALID_FILE`: what was given is no file (nothing, a folder). Ask for a file.
 * - `FILE_UNREADABLE`: the browser cannot read the file: a folder, moved, deleted, no permission. Pick again.
 * - `FILE_CHANGED`: the file stopped being readable during the upload. Nothing was completed. Pick again.
 * - `FILE_TOO_LARGE`: the file does not fit into 10,000 parts of the part size. Leave the part size to Sluice.
 * - `CREDENTIALS_FAILED`: `getCredentials`, `getDestination` or `signRequest` threw, rejected or did not answer in time;
 *   its error is the `cause`.
 * - `CREDENTIALS_INVALID`: what they answered lacks a field or cannot be decoded; the message names it.
 * - `DESTINATION_CHANGED`: refreshed credentials are for another bucket or key than the upload has. `refresh` must ask
 *   for the same media (`mediaId`).
 * - `NETWORK`: no answer arrived: DNS, a firewall, a connection that is reset each time. A network that is gone for a
 *   while is no error, but waited for.
 * - `CORS_REFUSED`: the bucket can be reached, but its CORS rule does not allow this page; the message has the rule to
 *   add.
 * - `TIMEOUT`: a request made no progress for its time limit.
 * - `SERVICE_ERROR`: OSS answered with an error; see {@link ServiceError}.
 * - `RESPONSE_INVALID`: an answer arrived that is not OSS's: a proxy's page, cut XML.
 * - `CHECKSUM_MISMATCH`: what OSS stored is not what the file holds. The object must not be used.
 * - `IN_USE`: the unfinished upload is going on in another page. Discard or continue it there.
 * - `CANCELED`: `cancel()` was called.
 * - `WORKER_FAILED`: the worker script did not load or did not answer. Check `workerUrl`, CSP and bundler.
 * - `WORKER_CRASHED`: a worker died again and again after it had started; before that it is replaced.
 * - `CLOSED`: `uploader.close()` was called.
 * - `UNEXPECTED`: a defect in Sluice. Please report it with the `cause`.
 */
export type UploadErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_FILE'
  | 'FILE_UNREADABLE'
  | 'FILE_CHANGED'
  | 'FILE_TOO_LARGE'
  | 'CREDENTIALS_FAILED'
  | 'CREDENTIALS_INVALID'
  | 'DESTINATION_CHANGED'
  | 'NETWORK'
  | 'CORS_REFUSED'
  | 'TIMEOUT'
  | 'SERVICE_ERROR'
  | 'RESPONSE_INVALID'
  | 'CHECKSUM_MISMATCH'
  | 'IN_USE'
  | 'CANCELED'
  | 'WORKER_FAILED'
  | 'WORKER_CRASHED'
  | 'CLOSED'
  | 'UNEXPECTED'

/** The one error class of Sluice. Tell errors apart by `code`; the message is for people. */
export class UploadError extends Error {
  /** `UploadError`, or `ServiceError`. */
  override readonly name: string = 'UploadError'
  /** What went wrong. */
  readonly code: UploadErrorCode

  constructor(code: UploadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What OSS said when it refused a request. */
export interface ServiceAnswer {
  /** HTTP status. */
  readonly status: number
  /** OSS's `Code`, such as `NoSuchUpload`; empty when the answer held none. */
  readonly serviceCode: string
  /** OSS's detail code (`EC`), such as `0042-00000203`; empty when the answer held none. */
  readonly ec: string
  /** OSS's request id, to give to Alibaba Cloud's support; empty when the answer held none. */
  readonly requestId: string
  /** OSS's clock in milliseconds since the epoch, where it said so (`RequestTimeTooSkewed`); else undefined. */
  readonly serverTimeMs: number | undefined
  /** How long the service asks to wait, in milliseconds (`Retry-After`, `x-oss-qos-delay-time`); undefined if not. */
  readonly retryAfterMs: number | undefined
}

/** OSS refused a request (`code` is `SERVICE_ERROR`). */
export class ServiceError extends UploadError implements ServiceAnswer {
  override readonly name = 'ServiceError'
  declare readonly status: number
  declare readonly serviceCode: string
  declare readonly ec: string
  declare readonly requestId: string
  declare readonly serverTimeMs: number | undefined
  declare readonly retryAfterMs: number | undefined

  constructor(message: string, answer: ServiceAnswer, options?: ErrorOptions) {
    super('SERVICE_ERROR', message, options)
    Object.assign(this, answer)
  }
}

/** Tells whether a value is an {@link UploadError}, also one of another copy of this module or another realm. */
export function isUploadError(value: unknown): value is UploadError {
  return (
    value instanceof Error &&
    (value.name === 'UploadError' || value.name === 'ServiceError') &&
    'code' in value
  )
}

/** Tells whether a value is a {@link ServiceError}, also one of another copy of this module or another realm. */
export function isServiceError(value: unknown): value is ServiceError {
  return isUploadError(value) && value.name === 'ServiceError'
}
