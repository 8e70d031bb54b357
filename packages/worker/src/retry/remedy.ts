import { isServiceError } from '../protocol/errors.ts'
import type { UploadError, UploadErrorCode } from '../protocol/errors.ts'

/**
 * What mends a failed request.
 *
 * - `retry`: the same again, a little later.
 * - `refresh-credentials`: the same with newer credentials, if these are temporary.
 * - `correct-clock`: the same, dated by the service's clock.
 * - `restart-upload`: the service does not know the upload, or parts of it, any more: begin anew what is gone.
 * - `fail`: nothing; it would only happen again.
 */
export type Remedy = 'retry' | 'refresh-credentials' | 'correct-clock' | 'restart-upload' | 'fail'

/**
 * Codes of OSS whose remedy their status does not tell. (OSS documentation, "Error codes", EC 0002-00000003 and
 * 0002-00000007 for what expires; what Alibaba Cloud's own SDKs attempt again)
 *
 * A signature that does not match is not among them: new credentials do not mend it, and asking for them would go on
 * for ever.
 */
const BY_SERVICE_CODE: Readonly<Record<string, Remedy>> = {
  SecurityTokenExpired: 'refresh-credentials',
  InvalidSecurityToken: 'refresh-credentials',
  InvalidAccessKeyId: 'refresh-credentials',
  RequestTimeTooSkewed: 'correct-clock',
  NoSuchUpload: 'restart-upload',
  InvalidPart: 'restart-upload',
  FilePartNotExist: 'restart-upload',
  // The body did not come through in time, or not whole.
  RequestTimeout: 'retry',
  IncompleteBody: 'retry',
  // What arrived was not what was sent.
  InvalidDigest: 'retry',
  InvalidCRC64: 'retry',
  // The official SDKs for Go, Java and Python try these again.
  BadRequest: 'retry',
}

/** Statuses below 500 that say "later", whatever the code. (RFC 9110, section 15.5.9; RFC 6585, section 4) */
const LATER: ReadonlySet<number> = new Set([408, 429])

/** What may pass without an answer of the service, or with one that is not its own. */
const PASSING: ReadonlySet<UploadErrorCode> = new Set([
  'NETWORK',
  'TIMEOUT',
  'RESPONSE_INVALID',
  'CHECKSUM_MISMATCH',
  'WORKER_CRASHED',
])

/** Decides what mends a failed request. */
export function remedyFor(error: UploadError): Remedy {
  if (!isServiceError(error)) return PASSING.has(error.code) ? 'retry' : 'fail'
  const { status, serviceCode, serverTimeMs, message } = error
  if (status >= 500 || LATER.has(status)) return 'retry'
  // HEAD has no body, and the CORS rule may hide what stands for it. New credentials are worth one question; any other
  // answer without a code was cut, or is a proxy's.
  if (serviceCode === '') return status === 403 ? 'refresh-credentials' : 'retry'
  // A signed URL that has ended: no other refusal of access tells the time. (Recorded answers of OSS) That a form has
  // ended its message alone tells. (OSS documentation, "PostObject")
  const hasEnded = serverTimeMs !== undefined || message.includes('Policy expired')
  if (serviceCode === 'AccessDenied' && hasEnded) return 'refresh-credentials'
  const remedy = BY_SERVICE_CODE[serviceCode] ?? 'fail'
  return remedy === 'correct-clock' && serverTimeMs === undefined ? 'fail' : remedy
}

/** Whether the service asks for fewer requests at a time. (OSS documentation, "Error codes", 503) */
export function isThrottled(error: UploadError): boolean {
  if (!isServiceError(error)) return false
  return error.status === 429 || error.status === 503
}
