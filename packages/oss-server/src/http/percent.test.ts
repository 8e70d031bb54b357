import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePercent, encodePercent, encodePercentPath } from './percent.ts'

test('decodePercent() undoes encodePercent(), for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decodePercent(encodePercent(text))).toBe(text)
      expect(decodePercent(encodePercentPath(text))).toBe(text)
    }),
  )
})

describe('encodePercent() leaves only the unreserved set', () => {
  test.each([
    [' ', '%20'],
    ['+', '%2B'],
    ['/', '%2F'],
    ['%', '%25'],
    ["!'()*", '%21%27%28%29%2A'],
    ['~-._', '~-._'],
    ['中', '%E4%B8%AD'],
  ])('%j is %j', (text, encoded) => {
    expect(encodePercent(text)).toBe(encoded)
  })
})

test('encodePercentPath() keeps slashes', () => {
  expect(encodePercentPath('/a b/ü')).toBe('/a%20b/%C3%BC')
})

describe('decodePercent() refuses what is no UTF-8', () => {
  test.each(['%', '%2', '%zz', '%ff', '%C3%28', 'a%ED%A0%80'])('%j', (text) => {
    expect(decodePercent(text)).toBeUndefined()
  })
})
