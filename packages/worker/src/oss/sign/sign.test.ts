import { describe, expect, test } from 'vitest'
import derived from '../../../../../test/vectors/signature-vectors-derived.json' with { type: 'json' }
import official from '../../../../../test/vectors/signature-vectors.json' with { type: 'json' }
import { createWebSha256 } from '../../hash/sha256.ts'
import type { Sha256 } from '../../hash/sha256.ts'
import { createWasmSha256 } from '../../hash/wasm-sha256.ts'
import type { SignableRequest } from '../oss-request.ts'
import { presignV4 } from './presign-v4.ts'
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

/**
 * Those of the headers that a browser signs. What is signed by a server (URLs, forms), with further headers or for another
 * product, is what `packages/oss-server` checks with the same vectors.
 */
const plain = ([...official, ...derived] as unknown as readonly Vector[]).filter(
  ({ product = 'oss', effectiveAdditionalHeaders = '' }) =>
    product === 'oss' && effectiveAdditionalHeaders === '',
)
const vectors = plain.filter(({ mode }) => mode === 'header')
const presigned = plain.filter(({ mode, version }) => mode === 'presigned' && version === 'v4')

/** A browser cannot send Date, so that Sluice dates otherwise. */
const dated = vectors.filter(({ headers }) => !Object.keys(headers).some((name) => /^date$/i.test(name)))

const implementations = [
  ['the browser', async (): Promise<Sha256> => createWebSha256(crypto.subtle)],
  ['WebAssembly', createWasmSha256],
] as const

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
  expect([vectors.length, dated.length, presigned.length]).toEqual([46, 43, 10])
})

describe.each(implementations)('signHeaders() with the hashes of %s', (_, createSha256) => {
  test.each(dated)('$name', async (vector) => {
    const { version, accessKeyId, accessKeySecret, securityToken, region = '' } = vector
    const credentials = { accessKeyId, accessKeySecret, securityToken }
    const signer =
      version === 'v1'
        ? await createV1Signer(credentials)
        : await createV4Signer(credentials, region, dateOf(vector), createSha256())
    const headers = await signer.signHeaders(requestOf(vector), dateOf(vector))
    const { authorization, signature } = vector.expected
    expect(headers['authorization']).toBe(authorization ?? `OSS ${accessKeyId}:${signature}`)
  })
})

describe('presignV4()', () => {
  test.each(presigned)('$name', async (vector) => {
    const { accessKeyId, accessKeySecret, securityToken, region = '', expires = 0 } = vector
    const credentials = { accessKeyId, accessKeySecret, securityToken }
    const query = await presignV4(credentials, region, requestOf(vector), dateOf(vector), expires)
    expect(query['x-oss-signature']).toBe(vector.expected.signature)
  })
})

describe('canonicalRequest()', () => {
  test.each(vectors.filter((vector) => vector.expected.canonicalRequest !== undefined))('$name', (vector) => {
    expect(canonicalRequest(requestOf(vector))).toBe(vector.expected.canonicalRequest)
  })
})

describe('stringToSignV1()', () => {
  test.each(vectors.filter((vector) => vector.version === 'v1'))('$name', (vector) => {
    expect(stringToSignV1(requestOf(vector), vector.date ?? '')).toBe(vector.expected.stringToSign)
  })
})
