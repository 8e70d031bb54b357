import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromPartName, toPartName, type PartRecord } from './part-name.ts'

test('fromPartName() undoes toPartName(), for any part', () => {
  const part: fc.Arbitrary<PartRecord> = fc.record({
    partNumber: fc.integer({ min: 1, max: 10_000 }),
    sizeBytes: fc.nat({ max: 5 * 2 ** 30 }),
    etag: fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'.split('')), minLength: 32, maxLength: 32 }),
    crc64: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined }),
    lastModifiedMs: fc.nat({ max: 2 ** 45 }),
    home: fc.constantFrom('shared', 'own'),
  })
  fc.assert(
    fc.property(part, (record) => {
      expect(fromPartName(toPartName(record))).toEqual(record)
    }),
  )
})

test.each(['upload.json', 'shared.100', '1.2.3', ''])('fromPartName() leaves %j alone', (name) => {
  expect(fromPartName(name)).toBeUndefined()
})
