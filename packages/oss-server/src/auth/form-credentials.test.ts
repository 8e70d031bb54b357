import { describe, expect, test } from 'vitest'
import { loadSignatureVectors, type SignatureVector } from '../testing/vectors.ts'
import { authenticate } from './authenticate.ts'
import { readFormCredentials } from './form-credentials.ts'
import { scopeText } from './signature-v4.ts'

const policies = loadSignatureVectors().filter(({ mode }) => mode === 'post-policy')

type Field = readonly [name: string, value: string]

function fieldsV1({ accessKeyId, expected }: SignatureVector): Field[] {
  return [
    ['ossaccesskeyid', accessKeyId],
    ['signature', expected.signature],
  ]
}

function fieldsV4({ accessKeyId, date, region = '', product = '', expected }: SignatureVector): Field[] {
  const timestamp = date ?? ''
  const scope = { date: timestamp.slice(0, 8), region, product }
  return [
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', `${accessKeyId}/${scopeText(scope)}`],
    ['x-oss-date', timestamp],
    ['x-oss-signature', expected.signature],
  ]
}

test('there are vectors of both versions', () => {
  expect(new Set(policies.map(({ version }) => version))).toEqual(new Set(['v1', 'v4']))
})

describe('the form of a vector is authenticated', () => {
  test.each(policies.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const { accessKeyId, accessKeySecret, policyBase64 = '' } = vector
    const identityOf = (policy: string): string => {
      const fields = new Map([
        ['policy', policy],
        ...(vector.version === 'v1' ? fieldsV1(vector) : fieldsV4(vector)),
      ])
      const request = { method: 'POST', bucket: vector.bucket, key: 'a', query: [], headers: new Map() }
      const accessKeys = new Map([[accessKeyId, accessKeySecret]])
      const context = { accessKeys, serverSecret: Buffer.alloc(32), isSeriesExpired: () => false, nowMs: 0 }
      return authenticate(readFormCredentials(fields, vector.region ?? ''), request, context).kind
    }
    expect(identityOf(policyBase64)).toBe('permanent')
    expect(() => identityOf(`${policyBase64}x`)).toThrow('signature')
  })
})

test('a form without any field of a signature is anonymous', () => {
  expect(readFormCredentials(new Map([['key', 'a']]), 'cn-hangzhou')).toEqual({ kind: 'anonymous' })
})
