import { describe, expect, test } from 'vitest'
import derived from '../../../../../test/vectors/signature-vectors-derived.json' with { type: 'json' }
import official from '../../../../../test/vectors/signature-vectors.json' with { type: 'json' }
import type { SignableRequest } from '../oss-request.ts'
import type { Signer } from './signer.ts'
import { createV1Signer, stringToSignV1 } from './v1.ts'
import { canonicalRequest, createV4Signer } from './v4.ts'

interface Vector {
  readonly name: string
  readonly version: 'v1' | 'v4'
  readonly mode: 'header' | 'presigned' | 'post-policy'
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
  readonly region?: string
  readonly product?: string
  readonly method: string
  readonly bucket: string
  readonly key: string | null
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly date: string | null
  readonly expires?: number
  readonly policyBase64?: string
  readonly additionalHeaders?: readonly string[]
  /** Joined by `;`. */
  readonly effectiveAdditionalHeaders?: string
  readonly expected: {
    readonly canonicalRequest?: string
    readonly stringToSign?: string
    readonly signature: string
    readonly authorization?: string
  }
}

const vectors = [...official, ...derived] as unknown as readonly Vector[]
const ofMode = (mode: Vector['mode']): readonly Vector[] => vectors.filter((vector) => vector.mode === mode)

function signerOf(vector: Vector): Promise<Signer> {
  const { accessKeyId, accessKeySecret, securityToken, region = '', product, additionalHeaders } = vector
  const credentials = { accessKeyId, accessKeySecret, securityToken, expiresAtMs: undefined }
  if (vector.version === 'v1') return createV1Signer(credentials)
  return createV4Signer(credentials, region, {
    ...(product === undefined ? {} : { product }),
    ...(additionalHeaders === undefined ? {} : { additionalHeaders }),
  })
}

function requestOf(vector: Vector): SignableRequest {
  const { method, bucket, key, query, headers } = vector
  return { method, bucket, key: key ?? '', query, headers }
}

function dateOf(vector: Vector): Date {
  if (vector.date === null) return new Date(0)
  const iso = vector.date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  return new Date(iso)
}

test('the vectors are all there', () => {
  expect(ofMode('header').length + ofMode('presigned').length + ofMode('post-policy').length).toBe(75)
})

describe('signHeaders()', () => {
  test.each(ofMode('header'))('$name', async (vector) => {
    const signer = await signerOf(vector)
    const headers = await signer.signHeaders(requestOf(vector), dateOf(vector))
    const { authorization, signature } = vector.expected
    expect(headers['authorization']).toBe(authorization ?? `OSS ${vector.accessKeyId}:${signature}`)
  })
})

describe('signQuery()', () => {
  test.each(ofMode('presigned'))('$name', async (vector) => {
    const signer = await signerOf(vector)
    // V1 states the end, V4 how long from the date.
    const query = await signer.signQuery(requestOf(vector), dateOf(vector), vector.expires ?? 0)
    expect(query['x-oss-signature'] ?? query['Signature']).toBe(vector.expected.signature)
  })
})

describe('signPolicy()', () => {
  test.each(ofMode('post-policy'))('$name', async (vector) => {
    const signer = await signerOf(vector)
    expect(await signer.signPolicy(vector.policyBase64 ?? '', dateOf(vector))).toBe(vector.expected.signature)
  })
})

describe('canonicalRequest()', () => {
  test.each(ofMode('header').filter((vector) => vector.expected.canonicalRequest !== undefined))(
    '$name',
    (vector) => {
      const extra = vector.effectiveAdditionalHeaders?.split(';').filter(Boolean) ?? []
      expect(canonicalRequest(requestOf(vector), extra)).toBe(vector.expected.canonicalRequest)
    },
  )
})

describe('stringToSignV1()', () => {
  test.each(ofMode('header').filter((vector) => vector.version === 'v1'))('$name', (vector) => {
    expect(stringToSignV1(requestOf(vector), vector.date ?? '')).toBe(vector.expected.stringToSign)
  })
})
