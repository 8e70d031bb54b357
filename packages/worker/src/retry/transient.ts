import { isServiceError } from '../protocol/errors.ts'
import type { UploadError, UploadErrorCode } from '../protocol/errors.ts'

/**
 * Codes of OSS with a status below 500 that another attempt may not meet again. (OSS documentation, "Error codes"; what
 * Alibaba Cloud's own SDKs retry)
 */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  // The body did not come through in time, or not whole.
  'RequestTimeout',
  'IncompleteBody',
  // What arrived was not what was sent.
  'InvalidDigest',
  'InvalidCRC64',
  // The official SDKs for Go, Java and Python try these again.
  'BadRequest',
])

/** Statuses below 500 that say "later", whatever the code. (RFC 9110, section 15.5.9; RFC 6585, section 4) */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429])

/** What may pass without an answer of the service, or with one that is not its own. */
const TRANSIENT_ERRORS: ReadonlySet<UploadErrorCode> = new Set([
  'NETWORK',
  'TIMEOUT',
  'CHECKSUM_MISMATCH',
  'WORKER_CRASHED',
])

/**
 * Whether the same request may succeed when it is sent again. Expired credentials, a wrong clock and an upload that is
 * gone have remedies of their own and are not transient.
 */
export function isTransient(error: UploadError): boolean {
  if (isServiceError(error)) {
    return (
      error.status >= 500 || TRANSIENT_STATUSES.has(error.status) || TRANSIENT_CODES.has(error.serviceCode)
    )
  }
  return TRANSIENT_ERRORS.has(error.code)
}
