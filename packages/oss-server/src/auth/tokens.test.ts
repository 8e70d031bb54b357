import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openToken, sealToken } from './tokens.ts'

const secret = Buffer.alloc(32, 1)
const claims = {
  accessKeyId: 'STS.a',
  bucket: 'bucket',
  keyPrefix: 'up/',
  expiresAtMs: 1_000_000.5,
  series: 's',
}

test('openToken() gives back what sealToken() was given', () => {
  expect(openToken(secret, sealToken(secret, claims))).toEqual(claims)
})

test('openToken() refuses a token of another server', () => {
  expect(openToken(Buffer.alloc(32, 2), sealToken(secret, claims))).toBeUndefined()
})

test('openToken() refuses a token with any one character changed', () => {
  const token = sealToken(secret, claims)
  fc.assert(
    fc.property(fc.nat(token.length - 1), (index) => {
      const changed = token[index] === 'A' ? 'B' : 'A'
      const opened = openToken(secret, token.slice(0, index) + changed + token.slice(index + 1))
      // The last character of Base64 may have unused bits.
      expect(opened === undefined || index >= token.length - 3).toBe(true)
    }),
  )
})

test.each(['', 'CAIS', 'CAISAAAA', 'rubbish'])('openToken() refuses %j', (token) => {
  expect(openToken(secret, token)).toBeUndefined()
})
