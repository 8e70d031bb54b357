import { describe, expect, test } from 'vitest'
import { ServiceError, UploadError } from '../protocol/errors.ts'
import type { UploadErrorCode } from '../protocol/errors.ts'
import { isThrottled, remedyFor } from './remedy.ts'
import type { Remedy } from './remedy.ts'

const refusal = (status: number, serviceCode: string, serverTimeMs?: number): ServiceError =>
  new ServiceError('x', { status, serviceCode, ec: '', requestId: '', serverTimeMs, retryAfterMs: undefined })

describe('remedyFor()', () => {
  // Every code of OSS's documentation, with its status.
  test.each<[status: number, code: string, remedy: Remedy, reason: string]>([
    [403, 'SignatureDoesNotMatch', 'fail', 'the same signature again'],
    [403, 'InvalidAccessKeyId', 'refresh-credentials', 'renewed, not repeated'],
    [403, 'InvalidSecurityToken', 'refresh-credentials', 'renewed, not repeated'],
    [403, 'SecurityTokenExpired', 'refresh-credentials', 'renewed, not repeated'],
    [403, 'AccessKeyIdAndSecurityTokenNotMatch', 'fail', 'wrong credentials'],
    [403, 'SecurityTokenNotSupported', 'fail', 'wrong credentials'],
    [403, 'RequestTimeTooSkewed', 'correct-clock', 'corrected, not repeated'],
    [403, '', 'refresh-credentials', 'HEAD does not say why'],
    [400, '', 'retry', "cut, or a proxy's"],
    [404, '', 'retry', "cut, or a proxy's"],
    [403, 'UserDisable', 'fail', 'the account is off'],
    [403, 'AccessForbidden', 'fail', 'the CORS rule stays'],
    [403, 'SecondLevelDomainForbidden', 'fail', 'wrong address'],
    [403, 'NonStandardHostForbidden', 'fail', 'wrong address'],
    [403, 'TransferAccelerationDisabled', 'fail', 'wrong address'],
    [403, 'InvalidObjectState', 'fail', 'the object stays'],
    [400, 'InvalidArgument', 'fail', 'a wrong request'],
    [400, 'InvalidPart', 'restart-upload', 'parts are gone'],
    [400, 'InvalidPartOrder', 'fail', 'the list of parts is wrong'],
    [400, 'EntityTooSmall', 'fail', 'the parts are too small'],
    [400, 'EntityTooLarge', 'fail', 'the body is too large'],
    [400, 'InvalidDigest', 'retry', 'what arrived was not what was sent'],
    [400, 'InvalidCRC64', 'retry', 'what arrived was not what was sent'],
    [400, 'MalformedXML', 'fail', 'a wrong request'],
    [400, 'InvalidXMLFormat', 'fail', 'a wrong request'],
    [400, 'InvalidBucketName', 'fail', 'a wrong request'],
    [400, 'InvalidObjectName', 'fail', 'a wrong request'],
    [400, 'MissingArgument', 'fail', 'a wrong request'],
    [400, 'FilePartNotExist', 'restart-upload', 'the part is gone'],
    [400, 'NotImplemented', 'fail', 'a wrong request'],
    [400, 'RequestTimeout', 'retry', 'the body came too slowly'],
    [400, 'IncompleteBody', 'retry', 'the body was cut'],
    [400, 'BadRequest', 'retry', 'the official SDKs try again'],
    [404, 'NoSuchBucket', 'fail', 'it will not come'],
    [404, 'NoSuchKey', 'fail', 'it will not come'],
    [404, 'NoSuchUpload', 'restart-upload', 'begun anew, not repeated'],
    [400, 'InvalidRequest', 'fail', 'a wrong request'],
    [400, 'OperationNotSupported', 'fail', 'a wrong request'],
    [400, 'InvalidTaggingKey', 'fail', 'a wrong request'],
    [400, 'InvalidEncryptionAlgorithmError', 'fail', 'a wrong request'],
    [403, 'PermanentRedirect', 'fail', 'wrong address'],
    [404, 'NoSuchCORSConfiguration', 'fail', 'it will not come'],
    [404, 'SymlinkTargetNotExist', 'fail', 'it will not come'],
    [409, 'BucketAlreadyExists', 'fail', 'it stays'],
    [409, 'BucketNotEmpty', 'fail', 'it stays'],
    [503, 'DownloadTrafficRateLimitExceeded', 'retry', 'later'],
    [405, 'MethodNotAllowed', 'fail', 'a wrong request'],
    [409, 'FileAlreadyExists', 'fail', 'it stays'],
    [409, 'FileImmutable', 'fail', 'it stays'],
    [409, 'PositionNotEqualToLength', 'fail', 'a wrong request'],
    [409, 'ObjectNotAppendable', 'fail', 'it stays'],
    [409, 'PartAlreadyExist', 'fail', 'it stays'],
    [411, 'MissingContentLength', 'fail', 'a wrong request'],
    [412, 'PreconditionFailed', 'fail', 'it stays'],
    [416, 'InvalidRange', 'fail', 'a wrong request'],
    [408, '', 'retry', 'RFC 9110: the client may repeat'],
    [429, 'TooManyRequests', 'retry', 'RFC 6585: later'],
    [500, 'InternalError', 'retry', 'the service is broken'],
    [502, '', 'retry', "a proxy's answer"],
    [503, 'UploadTrafficRateLimitExceeded', 'retry', 'later'],
    [503, 'TotalQpsLimitExceeded', 'retry', 'later'],
    [503, 'MetaOperationQpsLimitExceeded', 'retry', 'later'],
    [503, 'ActiveRequestLimitExceeded', 'retry', 'later'],
    [503, 'ServiceUnavailable', 'retry', 'later'],
    [503, 'CpuLimitExceeded', 'retry', 'later'],
  ])('%i %s: %s (%s)', (status, code, remedy) => {
    expect(remedyFor(refusal(status, code, 5))).toBe(remedy)
  })

  test('403 AccessDenied: fail (the policy stays)', () => {
    expect(remedyFor(refusal(403, 'AccessDenied'))).toBe('fail')
  })

  test('403 AccessDenied that tells the time: refresh-credentials (a signed URL has ended)', () => {
    expect(remedyFor(refusal(403, 'AccessDenied', 5))).toBe('refresh-credentials')
  })

  test('a wrong clock without the right one cannot be corrected', () => {
    expect(remedyFor(refusal(403, 'RequestTimeTooSkewed'))).toBe('fail')
  })

  test.each<[UploadErrorCode, Remedy]>([
    ['NETWORK', 'retry'],
    ['TIMEOUT', 'retry'],
    ['RESPONSE_INVALID', 'retry'],
    ['CHECKSUM_MISMATCH', 'retry'],
    ['WORKER_CRASHED', 'retry'],
    ['CORS_REFUSED', 'fail'],
    ['FILE_CHANGED', 'fail'],
    ['CREDENTIALS_FAILED', 'fail'],
    ['CREDENTIALS_INVALID', 'fail'],
    ['DESTINATION_CHANGED', 'fail'],
    ['UNEXPECTED', 'fail'],
  ])('%s: %s', (code, remedy) => {
    expect(remedyFor(new UploadError(code, 'x'))).toBe(remedy)
  })
})

test.each<[status: number, code: string, throttled: boolean]>([
  [503, 'UploadTrafficRateLimitExceeded', true],
  [503, 'TotalQpsLimitExceeded', true],
  [503, 'ServiceUnavailable', true],
  [429, 'TooManyRequests', true],
  [500, 'InternalError', false],
  [403, 'AccessDenied', false],
])('isThrottled() %i %s: %s', (status, code, throttled) => {
  expect(isThrottled(refusal(status, code))).toBe(throttled)
})
