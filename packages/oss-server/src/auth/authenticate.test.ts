import { describe, expect, test } from 'vitest'
import { OssError } from '../http/oss-error.ts'
import { toBasicTime, toHttpTime } from '../http/time.ts'
import { headersOf, queryOf } from '../testing/vectors.ts'
import { authenticate } from './authenticate.ts'
import { readCredentials } from './credentials.ts'
import { signV1, stringToSignV1 } from './signature-v1.ts'
import { canonicalRequestV4, scopeText, signV4, stringToSignV4 } from './signature-v4.ts'
import type { SignedRequest } from './signed-request.ts'
import { sealToken, temporarySecret } from './tokens.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)
const MINUTE = 60_000
const SERVER_SECRET = Buffer.alloc(32, 7)
const KEYS = { id: 'LTAItest', secret: 'secret' }
const TEMPORARY_ID = 'STS.test'
const SCOPE = { date: '20260102', region: 'cn-hangzhou', product: 'oss' }

const context = {
  accessKeys: new Map([[KEYS.id, KEYS.secret]]),
  serverSecret: SERVER_SECRET,
  isSeriesExpired: (series: string) => series === 'ended',
  nowMs: NOW,
}

function request(
  query: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): SignedRequest {
  return { method: 'PUT', bucket: 'bucket', key: 'key', query: queryOf(query), headers: headersOf(headers) }
}

interface Wish {
  readonly id?: string
  readonly secret?: string
  readonly token?: string
  readonly timeMs?: number
  readonly scope?: Partial<typeof SCOPE>
  readonly lifetime?: string
  /** Of the V4 Authorization header, or the query of a URL. */
  readonly alter?: (text: string) => string
}

function v4Header({
  id = KEYS.id,
  secret = KEYS.secret,
  token,
  timeMs = NOW,
  scope,
  alter,
}: Wish): SignedRequest {
  const date = toBasicTime(timeMs)
  const headers = {
    'x-oss-date': date,
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(token !== undefined && { 'x-oss-security-token': token }),
  }
  const fullScope = { ...SCOPE, date: date.slice(0, 8), ...scope }
  const text = stringToSignV4(date, fullScope, canonicalRequestV4(request({}, headers), []))
  const authorization = `OSS4-HMAC-SHA256 Credential=${id}/${scopeText(fullScope)},Signature=${signV4(secret, fullScope, text)}`
  return request({}, { ...headers, authorization: alter?.(authorization) ?? authorization })
}

function v1Header({ id = KEYS.id, secret = KEYS.secret, timeMs = NOW }: Wish): SignedRequest {
  const headers = { 'x-oss-date': toHttpTime(timeMs) }
  const signature = signV1(secret, stringToSignV1(request({}, headers), headers['x-oss-date']))
  return request({}, { ...headers, authorization: `OSS ${id}:${signature}` })
}

function v4Url({
  timeMs = NOW,
  scope,
  lifetime = '600',
  secret = KEYS.secret,
  id = KEYS.id,
}: Wish): SignedRequest {
  const date = toBasicTime(timeMs)
  const fullScope = { ...SCOPE, date: date.slice(0, 8), ...scope }
  const query = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${id}/${scopeText(fullScope)}`,
    'x-oss-date': date,
    'x-oss-expires': lifetime,
  }
  const text = stringToSignV4(date, fullScope, canonicalRequestV4(request(query, {}), []))
  return request({ ...query, 'x-oss-signature': signV4(secret, fullScope, text) }, {})
}

function v1Url(query: Readonly<Record<string, string>>): SignedRequest {
  return request(query, {})
}

function verdict(signed: SignedRequest): string {
  try {
    const identity = authenticate(readCredentials(signed, 'cn-hangzhou'), signed, context)
    return identity.kind
  } catch (error) {
    if (!(error instanceof OssError)) throw error
    return `${error.status} ${error.code} ${error.ec ?? '-'}`
  }
}

function tokenUntil(expiresAtMs: number, accessKeyId = TEMPORARY_ID, series = 'current'): string {
  return sealToken(SERVER_SECRET, { accessKeyId, bucket: 'bucket', expiresAtMs, series })
}

const temporary = { id: TEMPORARY_ID, secret: temporarySecret(SERVER_SECRET, TEMPORARY_ID) }

describe('authenticate() gives each flaw its answer', () => {
  test.each<[reason: string, signed: SignedRequest, expected: string]>([
    ['no credentials at all', request({}, {}), 'anonymous'],
    ['V4 in the header', v4Header({}), 'permanent'],
    [
      'V4 header with blanks after the commas',
      v4Header({ alter: (text) => text.replaceAll(',', ', ') }),
      'permanent',
    ],
    ['V1 in the header', v1Header({}), 'permanent'],
    ['V4 in the URL', v4Url({}), 'permanent'],
    ['token and its key', v4Header({ ...temporary, token: tokenUntil(NOW + 1) }), 'temporary'],
    ['an unknown key id', v4Header({ id: 'nobody' }), '403 InvalidAccessKeyId 0002-00000902'],
    ['a temporary key id without its token', v4Header(temporary), '403 InvalidAccessKeyId 0002-00000003'],
    [
      'a token nobody made',
      v4Header({ ...temporary, token: 'CAISrubbish' }),
      '403 InvalidSecurityToken 0002-00000004',
    ],
    [
      'a token of another key',
      v4Header({ ...temporary, token: tokenUntil(NOW + 1, 'STS.other') }),
      '403 AccessKeyIdAndSecurityTokenNotMatch -',
    ],
    [
      'a token at its expiry',
      v4Header({ ...temporary, token: tokenUntil(NOW) }),
      '403 SecurityTokenExpired 0002-00000007',
    ],
    [
      'a token whose series was ended',
      v4Header({ ...temporary, token: tokenUntil(NOW + 1, TEMPORARY_ID, 'ended') }),
      '403 SecurityTokenExpired 0002-00000007',
    ],
    ['a wrong secret in V4', v4Header({ secret: 'wrong' }), '403 SignatureDoesNotMatch 0002-00000201'],
    ['a wrong secret in V1', v1Header({ secret: 'wrong' }), '403 SignatureDoesNotMatch 0002-00000040'],
    ['a clock 15 minutes behind', v4Header({ timeMs: NOW - 15 * MINUTE }), 'permanent'],
    [
      'a clock 16 minutes behind',
      v4Header({ timeMs: NOW - 16 * MINUTE }),
      '403 RequestTimeTooSkewed 0002-00000504',
    ],
    [
      'a clock 16 minutes ahead in V1',
      v1Header({ timeMs: NOW + 16 * MINUTE }),
      '403 RequestTimeTooSkewed 0002-00000504',
    ],
    [
      'a wrong clock and a wrong secret: the clock is looked at first',
      v4Header({ secret: 'wrong', timeMs: NOW - 16 * MINUTE }),
      '403 RequestTimeTooSkewed 0002-00000504',
    ],
    [
      'an expired token and a wrong clock: the token is looked at first',
      v4Header({ ...temporary, token: tokenUntil(NOW), timeMs: NOW - 16 * MINUTE }),
      '403 SecurityTokenExpired 0002-00000007',
    ],
    ['no date', request({}, { authorization: `OSS ${KEYS.id}:x` }), '403 AccessDenied 0002-00000503'],
    ['another region', v4Header({ scope: { region: 'cn-beijing' } }), '400 InvalidArgument 0002-00000226'],
    [
      'another region in a URL',
      v4Url({ scope: { region: 'cn-beijing' } }),
      '400 InvalidArgument 0002-00000228',
    ],
    ['another product', v4Header({ scope: { product: 'ecs' } }), '400 InvalidArgument 0002-00000227'],
    [
      'a scope of another day',
      v4Header({ scope: { date: '20260101' } }),
      '400 InvalidArgument 0002-00000212',
    ],
    [
      'a header without signature',
      v4Header({ alter: (text) => text.replace(/,Signature=.*/, '') }),
      '400 InvalidArgument 0002-00000202',
    ],
    [
      'empty additional headers',
      v4Header({ alter: (text) => text.replace(',Signature', ',AdditionalHeaders=,Signature') }),
      '400 InvalidArgument 0002-00000209',
    ],
    [
      'a wrong terminator',
      v4Header({ alter: (text) => text.replace('aliyun_v4_request', 'aws4_request') }),
      '400 InvalidArgument 0002-00000213',
    ],
    [
      'an Authorization of no known kind',
      request({}, { authorization: 'Bearer x' }),
      '400 InvalidArgument -',
    ],
    ['a V4 URL at its end', v4Url({ timeMs: NOW - 600_000 }), 'permanent'],
    ['a V4 URL after its end', v4Url({ timeMs: NOW - 601_000 }), '403 AccessDenied 0002-00000069'],
    ['a V4 URL of the near future', v4Url({ timeMs: NOW + 15 * MINUTE }), 'permanent'],
    ['a V4 URL of the future', v4Url({ timeMs: NOW + 16 * MINUTE }), '403 AccessDenied 0002-00000235'],
    ['a V4 URL for a week', v4Url({ lifetime: '604800' }), 'permanent'],
    ['a V4 URL for longer than a week', v4Url({ lifetime: '604801' }), '400 InvalidArgument 0002-00000232'],
    ['a V4 URL for no time', v4Url({ lifetime: '0' }), '400 InvalidArgument 0002-00000232'],
    [
      'a V1 URL that lacks a parameter',
      v1Url({ OSSAccessKeyId: KEYS.id, Signature: 'x' }),
      '403 AccessDenied 0002-00000067',
    ],
    [
      'a V1 URL with an empty parameter',
      v1Url({ OSSAccessKeyId: KEYS.id, Signature: 'x', Expires: '' }),
      '403 AccessDenied 0002-00000068',
    ],
    [
      'a V1 URL whose expiry is no number',
      v1Url({ OSSAccessKeyId: KEYS.id, Signature: 'x', Expires: 'soon' }),
      '403 AccessDenied 0002-00000070',
    ],
    [
      'a V1 URL that expired and is wrongly signed: expiry is looked at first',
      v1Url({ OSSAccessKeyId: KEYS.id, Signature: 'x', Expires: String(NOW / 1000 - 1) }),
      '403 AccessDenied 0002-00000069',
    ],
    [
      'a V1 URL that is wrongly signed',
      v1Url({ OSSAccessKeyId: KEYS.id, Signature: 'x', Expires: String(NOW / 1000 + 1) }),
      '403 SignatureDoesNotMatch 0002-00000040',
    ],
    [
      'credentials in header and URL',
      { ...v4Url({}), headers: headersOf({ authorization: `OSS ${KEYS.id}:x` }) },
      '400 InvalidArgument -',
    ],
    [
      'the token in header and URL',
      {
        ...v4Header({ ...temporary, token: tokenUntil(NOW + 1) }),
        query: queryOf({ 'security-token': 'x' }),
      },
      '400 InvalidArgument 0002-00000010',
    ],
  ])('%s', (_, signed, expected) => {
    expect(verdict(signed)).toBe(expected)
  })
})

test('authenticate() tells what it signed when a V4 signature does not match', () => {
  const signed = v4Header({ secret: 'wrong' })
  const canonicalRequest = canonicalRequestV4(signed, [])
  const stringToSign = stringToSignV4(toBasicTime(NOW), SCOPE, canonicalRequest)
  expect(fieldsOf(signed)).toEqual({
    OSSAccessKeyId: KEYS.id,
    SignatureProvided: /Signature=(.*)/.exec(signed.headers.get('authorization') ?? '')?.[1],
    StringToSign: stringToSign,
    StringToSignBytes: `${[...Buffer.from(stringToSign)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')} `,
    CanonicalRequest: canonicalRequest,
  })
})

test('authenticate() tells both clocks when they are too far apart', () => {
  expect(fieldsOf(v4Header({ timeMs: NOW - 3_600_000 }))).toEqual({
    MaxAllowedSkewMilliseconds: '900000',
    RequestTime: '2026-01-02T02:04:05.000Z',
    ServerTime: '2026-01-02T03:04:05.000Z',
  })
})

function fieldsOf(signed: SignedRequest): Record<string, string> {
  try {
    authenticate(readCredentials(signed, 'cn-hangzhou'), signed, context)
  } catch (error) {
    if (error instanceof OssError) return Object.fromEntries(error.fields)
  }
  return {}
}
