/** Errors of authentication. Source: pages 403 errors and Signature V4, and EC pages 0002-…. */

import { MAX_CLOCK_SKEW_MS } from '../limits.ts'
import { OssError } from '../http/oss-error.ts'
import { toXmlTime } from '../http/time.ts'

/** 403 SignatureDoesNotMatch, with what was signed, as the service gives it. */
export function signatureDoesNotMatch(details: {
  readonly version: 'v1' | 'v4'
  readonly accessKeyId: string
  readonly provided: string
  readonly stringToSign: string
  /** V4 only. */
  readonly canonicalRequest?: string
}): OssError {
  const canonical: readonly (readonly [string, string])[] =
    details.canonicalRequest === undefined ? [] : [['CanonicalRequest', details.canonicalRequest]]
  return new OssError(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    {
      ec: details.version === 'v1' ? '0002-00000040' : '0002-00000201',
      fields: [
        ['OSSAccessKeyId', details.accessKeyId],
        ['SignatureProvided', details.provided],
        ['StringToSign', details.stringToSign],
        ['StringToSignBytes', hexBytes(details.stringToSign)],
        ...canonical,
      ],
    },
  )
}

/** Upper-case hex bytes, each followed by a blank. */
function hexBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex').toUpperCase().replace(/../g, '$& ')
}

/** 403 InvalidAccessKeyId: a permanent key nobody knows, or a temporary one without its token. */
export function invalidAccessKeyId(kind: 'unknown' | 'temporary-without-token'): OssError {
  return new OssError(
    403,
    'InvalidAccessKeyId',
    'The OSS Access Key Id you provided does not exist in our records.',
    { ec: kind === 'unknown' ? '0002-00000902' : '0002-00000003' },
  )
}

/** 403 InvalidSecurityToken. */
export function invalidSecurityToken(): OssError {
  return new OssError(403, 'InvalidSecurityToken', 'The security token you provided is invalid.', {
    ec: '0002-00000004',
  })
}

/** 403 AccessKeyIdAndSecurityTokenNotMatch. */
export function tokenOfOtherKey(): OssError {
  return new OssError(
    403,
    'AccessKeyIdAndSecurityTokenNotMatch',
    'The OSS access key id and security token you provided does not match.',
  )
}

/** 403 SecurityTokenExpired. The answer repeats the token, as the service does; logs must not hold it. */
export function securityTokenExpired(token: string): OssError {
  return new OssError(403, 'SecurityTokenExpired', 'The security token you provided has expired.', {
    ec: '0002-00000007',
    fields: [['SecurityToken', token]],
  })
}

/** 403 AccessDenied: no readable date. */
export function dateRequired(): OssError {
  return new OssError(403, 'AccessDenied', 'OSS authentication requires a valid Date.', {
    ec: '0002-00000503',
  })
}

/** 403 RequestTimeTooSkewed, with the server's time for correction. */
export function requestTimeTooSkewed(requestTimeMs: number, nowMs: number): OssError {
  return new OssError(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    {
      ec: '0002-00000504',
      fields: [
        ['MaxAllowedSkewMilliseconds', String(MAX_CLOCK_SKEW_MS)],
        ['RequestTime', toXmlTime(requestTimeMs)],
        ['ServerTime', toXmlTime(nowMs)],
      ],
    },
  )
}

/** 400 InvalidArgument: the credentials are not laid out as they must be. */
export function badLayout(message: string, ec?: string, authorization?: string): OssError {
  return new OssError(400, 'InvalidArgument', message, {
    ...(ec !== undefined && { ec }),
    ...(authorization !== undefined && { fields: [['Authorization', authorization]] }),
  })
}
