import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ServiceError, UploadError } from '../protocol/errors.ts'
import type { UploadErrorCode } from '../protocol/errors.ts'
import { decideRetry } from './retry-policy.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { isTransient } from './transient.ts'

const policy: RetryPolicy = { maxAttempts: 5, baseDelayMs: 500, maxDelayMs: 3000 }
const refusal = (status: number, serviceCode = '', retryAfterMs?: number): ServiceError =>
  new ServiceError('x', { status, serviceCode, ec: '', requestId: '', serverTimeMs: undefined, retryAfterMs })

// Every code of the reference's tables, with its status.
test.each<[status: number, code: string, transient: boolean, reason: string]>([
  [403, 'SignatureDoesNotMatch', false, 'the same signature again'],
  [403, 'InvalidAccessKeyId', false, 'renewed, not repeated'],
  [403, 'InvalidSecurityToken', false, 'renewed, not repeated'],
  [403, 'SecurityTokenExpired', false, 'renewed, not repeated'],
  [403, 'AccessKeyIdAndSecurityTokenNotMatch', false, 'wrong credentials'],
  [403, 'SecurityTokenNotSupported', false, 'wrong credentials'],
  [403, 'AccessDenied', false, 'the policy stays'],
  [403, 'RequestTimeTooSkewed', false, 'corrected, not repeated'],
  [403, 'UserDisable', false, 'the account is off'],
  [403, 'AccessForbidden', false, 'the CORS rule stays'],
  [403, 'SecondLevelDomainForbidden', false, 'wrong address'],
  [403, 'NonStandardHostForbidden', false, 'wrong address'],
  [403, 'TransferAccelerationDisabled', false, 'wrong address'],
  [403, 'InvalidObjectState', false, 'the object stays'],
  [400, 'InvalidArgument', false, 'a wrong request'],
  [400, 'InvalidPart', false, 'the list of parts is wrong'],
  [400, 'InvalidPartOrder', false, 'the list of parts is wrong'],
  [400, 'EntityTooSmall', false, 'the parts are too small'],
  [400, 'EntityTooLarge', false, 'the body is too large'],
  [400, 'InvalidDigest', true, 'what arrived was not what was sent'],
  [400, 'InvalidCRC64', true, 'what arrived was not what was sent'],
  [400, 'MalformedXML', false, 'a wrong request'],
  [400, 'InvalidXMLFormat', false, 'a wrong request'],
  [400, 'InvalidBucketName', false, 'a wrong request'],
  [400, 'InvalidObjectName', false, 'a wrong request'],
  [400, 'MissingArgument', false, 'a wrong request'],
  [400, 'FilePartNotExist', false, 'the part is gone'],
  [400, 'NotImplemented', false, 'a wrong request'],
  [400, 'RequestTimeout', true, 'the body came too slowly'],
  [400, 'IncompleteBody', true, 'the body was cut'],
  [400, 'BadRequest', true, 'the official SDKs try again'],
  [404, 'NoSuchBucket', false, 'it will not come'],
  [404, 'NoSuchKey', false, 'it will not come'],
  [404, 'NoSuchUpload', false, 'begun anew, not repeated'],
  [405, 'MethodNotAllowed', false, 'a wrong request'],
  [409, 'FileAlreadyExists', false, 'it stays'],
  [409, 'FileImmutable', false, 'it stays'],
  [409, 'PositionNotEqualToLength', false, 'a wrong request'],
  [409, 'ObjectNotAppendable', false, 'it stays'],
  [409, 'PartAlreadyExist', false, 'it stays'],
  [411, 'MissingContentLength', false, 'a wrong request'],
  [412, 'PreconditionFailed', false, 'it stays'],
  [416, 'InvalidRange', false, 'a wrong request'],
  [408, '', true, 'RFC 9110: the client may repeat'],
  [429, 'TooManyRequests', true, 'RFC 6585: later'],
  [500, 'InternalError', true, 'the service is broken'],
  [502, '', true, "a proxy's answer"],
  [503, 'UploadTrafficRateLimitExceeded', true, 'later'],
  [503, 'TotalQpsLimitExceeded', true, 'later'],
  [503, 'MetaOperationQpsLimitExceeded', true, 'later'],
  [503, 'ActiveRequestLimitExceeded', true, 'later'],
  [503, 'ServiceUnavailable', true, 'later'],
  [503, 'CpuLimitExceeded', true, 'later'],
])('isTransient() %i %s: %s (%s)', (status, code, transient) => {
  expect(isTransient(refusal(status, code))).toBe(transient)
})

test.each<[UploadErrorCode, boolean]>([
  ['NETWORK', true],
  ['TIMEOUT', true],
  ['RESPONSE_INVALID', false],
  ['CHECKSUM_MISMATCH', true],
  ['WORKER_CRASHED', true],
  ['FILE_CHANGED', false],
  ['CREDENTIALS_FAILED', false],
  ['CREDENTIALS_INVALID', false],
  ['DESTINATION_CHANGED', false],
  ['UNEXPECTED', false],
])('isTransient() %s: %s', (code, transient) => {
  expect(isTransient(new UploadError(code, 'x'))).toBe(transient)
})

describe('decideRetry()', () => {
  const network = new UploadError('NETWORK', 'x')

  test.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [4, 3000],
  ])('waits after attempt %i up to %i ms', (attempt, limitMs) => {
    expect(decideRetry(policy, network, attempt, 0)).toEqual({ action: 'retry', delayMs: 0 })
    expect(decideRetry(policy, network, attempt, 0.5)).toEqual({ action: 'retry', delayMs: limitMs / 2 })
  })

  test('gives up after the last attempt', () => {
    expect(decideRetry(policy, network, 5, 0)).toEqual({ action: 'giveUp' })
  })

  test('gives up at once when it would only happen again', () => {
    expect(decideRetry(policy, refusal(403, 'AccessDenied'), 1, 0)).toEqual({ action: 'giveUp' })
  })

  test('waits as long as the service asks, whatever the dice say', () => {
    expect(decideRetry(policy, refusal(503, 'TotalQpsLimitExceeded', 7000), 1, 0.1)).toEqual({
      action: 'retry',
      delayMs: 7000,
    })
  })

  test('never waits less than nothing or more than the limit, for any policy', () => {
    fc.assert(
      fc.property(
        fc.record({
          maxAttempts: fc.integer({ min: 1, max: 50 }),
          baseDelayMs: fc.nat(60_000),
          maxDelayMs: fc.nat(60_000),
        }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (any, attempt, random) => {
          const decision = decideRetry(any, network, attempt, random)
          const delayMs = decision.action === 'retry' ? decision.delayMs : 0
          expect(delayMs).toBeGreaterThanOrEqual(0)
          expect(delayMs).toBeLessThanOrEqual(any.maxDelayMs)
          expect(decision.action === 'giveUp').toBe(attempt >= any.maxAttempts)
        },
      ),
    )
  })
})
