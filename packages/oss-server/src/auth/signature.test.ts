import { describe, expect, test } from 'vitest'
import { headersOf, loadSignatureVectors, queryOf, type SignatureVector } from '../testing/vectors.ts'
import { parseTarget } from '../http/target.ts'
import { authenticate } from './authenticate.ts'
import { readCredentials } from './credentials.ts'
import { signV1, stringToSignV1 } from './signature-v1.ts'
import {
  canonicalRequestV4,
  effectiveAdditionalHeaders,
  scopeText,
  signV4,
  stringToSignV4,
  type ScopeV4,
} from './signature-v4.ts'
import type { SignedRequest } from './signed-request.ts'

const vectors = loadSignatureVectors()
const signedV1 = vectors.filter(({ version, mode }) => version === 'v1' && mode !== 'post-policy')
const signedV4 = vectors.filter(({ version, mode }) => version === 'v4' && mode !== 'post-policy')
const policies = vectors.filter(({ mode }) => mode === 'post-policy')

function requestOf({ method, bucket, key, query, authQuery = {}, headers }: SignatureVector): SignedRequest {
  return {
    method,
    bucket,
    key: key === null || key === '' ? undefined : key,
    query: queryOf({ ...query, ...authQuery }),
    headers: headersOf(headers),
  }
}

function scopeOf({ date, region = '', product = '', authQuery }: SignatureVector): ScopeV4 {
  const timestamp = date ?? authQuery?.['x-oss-date'] ?? ''
  return { date: timestamp.slice(0, 8), region, product }
}

test('the vectors are all there', () => {
  expect([signedV1.length, signedV4.length, policies.length]).toEqual([33, 39, 3])
})

describe('signV1() and stringToSignV1() give what the SDKs give', () => {
  test.each(signedV1)('$name', (vector) => {
    const request = requestOf(vector)
    const dateLine = vector.mode === 'presigned' ? String(vector.expires) : (vector.date ?? '')
    const text = stringToSignV1(request, dateLine)
    expect(text).toBe(vector.expected.stringToSign)
    expect(signV1(vector.accessKeySecret, text)).toBe(vector.expected.signature)
  })
})

describe('stringToSignV1() signs of the query', () => {
  const signed = 'append callback callback-var partNumber position security-token sequential uploadId uploads'
  test.each([...signed.split(' '), 'x-oss-traffic-limit', 'x-oss-anything', 'response-content-type'])(
    '%s',
    (name) => {
      const request = {
        method: 'PUT',
        bucket: 'b',
        key: 'k',
        query: queryOf({ [name]: '0' }),
        headers: headersOf({}),
      }
      expect(stringToSignV1(request, '')).toBe(`PUT\n\n\n\n/b/k?${name}=0`)
    },
  )

  const unsigned =
    'encoding-type max-parts part-number-marker max-uploads key-marker upload-id-marker prefix delimiter'
  test.each([...unsigned.split(' '), 'marker', 'max-keys', 'Expires', 'OSSAccessKeyId', 'Signature'])(
    'not %s',
    (name) => {
      const request = {
        method: 'PUT',
        bucket: 'b',
        key: 'k',
        query: queryOf({ [name]: '0' }),
        headers: headersOf({}),
      }
      expect(stringToSignV1(request, '')).toBe('PUT\n\n\n\n/b/k')
    },
  )
})

describe('signV4(), stringToSignV4() and canonicalRequestV4() give what the SDKs give', () => {
  test.each(signedV4)('$name', (vector) => {
    const canonical = canonicalRequestV4(requestOf(vector), vector.additionalHeaders ?? [])
    expect(canonical).toBe(vector.expected.canonicalRequest)
    const text = stringToSignV4(vector.date ?? '', scopeOf(vector), canonical)
    expect(text).toBe(vector.expected.stringToSign)
    expect(signV4(vector.accessKeySecret, scopeOf(vector), text)).toBe(vector.expected.signature)
  })
})

describe('signV1() and signV4() sign post policies as the SDKs do', () => {
  test.each(policies)('$name', (vector) => {
    const { accessKeySecret, policyBase64 = '', expected } = vector
    const signature =
      vector.version === 'v1'
        ? signV1(accessKeySecret, policyBase64)
        : signV4(accessKeySecret, scopeOf(vector), policyBase64)
    expect(signature).toBe(expected.signature)
  })
})

/** Tokens of the vectors are not of this server's making, and the product of a cloud box is not served. */
const authenticated = [...signedV1, ...signedV4].filter(
  ({ product, securityToken }) => product !== 'oss-cloudbox' && securityToken === undefined,
)

describe('authenticate() accepts what the SDKs send', () => {
  test.each(authenticated)('$name', (vector) => {
    const request = asSent(vector)
    const identity = authenticate(readCredentials(request, vector.region ?? 'cn-hangzhou'), request, {
      accessKeys: new Map([[keyIdOf(vector), vector.accessKeySecret]]),
      serverSecret: Buffer.alloc(32),
      isSeriesExpired: () => false,
      nowMs: signingTime(vector),
    })
    expect(identity).toEqual({ kind: 'permanent', accessKeyId: keyIdOf(vector) })
  })
})

/** Two vectors of V1, which does not sign the key id, have none. */
function keyIdOf({ accessKeyId }: SignatureVector): string {
  return accessKeyId === '(not given)' ? 'ak' : accessKeyId
}

/** The request as it comes over the wire: credentials in the header, or the URL parsed back. */
function asSent(vector: SignatureVector): SignedRequest {
  const request = requestOf(vector)
  const { signature, url } = vector.expected
  if (vector.mode === 'header') {
    const headers = new Map(request.headers).set('authorization', authorizationOf(vector, request))
    return { ...request, headers }
  }
  if (url === undefined) {
    const name = vector.version === 'v1' ? 'Signature' : 'x-oss-signature'
    return { ...request, query: [...request.query, [name, signature]] }
  }
  const { host } = new URL(url)
  const parsed = parseTarget(url.slice(url.indexOf(host) + host.length), host, new Map())
  if (parsed.kind !== 'target') throw new Error(`${vector.name} has no readable URL`)
  return { ...request, ...parsed.target }
}

function authorizationOf(vector: SignatureVector, request: SignedRequest): string {
  const { authorization, signature } = vector.expected
  if (authorization !== undefined) return authorization
  if (vector.version === 'v1') return `OSS ${keyIdOf(vector)}:${signature}`
  const additional = effectiveAdditionalHeaders(request, vector.additionalHeaders ?? []).join(';')
  const credential = `${vector.accessKeyId}/${scopeText(scopeOf(vector))}`
  const middle = additional === '' ? '' : `AdditionalHeaders=${additional},`
  return `OSS4-HMAC-SHA256 Credential=${credential},${middle}Signature=${signature}`
}

function signingTime({ version, mode, date, expires = 0 }: SignatureVector): number {
  if (version === 'v1') return mode === 'presigned' ? (expires - 60) * 1000 : Date.parse(date ?? '')
  return Date.parse(
    (date ?? '').replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
}
