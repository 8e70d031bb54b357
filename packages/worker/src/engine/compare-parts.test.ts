import { describe, expect, test } from 'vitest'
import type { ListedPart } from '../oss/answers.ts'
import { evenLayout } from '../plan/layout.ts'
import { compareParts } from './compare-parts.ts'
import type { DonePart } from './multipart.ts'

// A file of 25 bytes in parts of 10: sizes 10, 10, 5.
const done = (partNumber: number, changed: Partial<DonePart> = {}): DonePart => ({
  partNumber,
  sizeBytes: partNumber === 3 ? 5 : 10,
  crc64: `${partNumber}00`,
  etag: `E${partNumber}`,
  verified: true,
  ...changed,
})
const listed = (partNumber: number, changed: Partial<ListedPart> = {}): ListedPart => ({
  partNumber,
  sizeBytes: partNumber === 3 ? 5 : 10,
  crc64: `${partNumber}00`,
  etag: `"E${partNumber}"`,
  ...changed,
})
const compare = (
  own: readonly DonePart[],
  theirs: readonly ListedPart[],
): readonly [confirmed: readonly number[], unproved: readonly number[]] => {
  const { confirmed, unproved } = compareParts(own, theirs, 25, evenLayout(10))
  return [confirmed.map(({ partNumber }) => partNumber), unproved.map(({ partNumber }) => partNumber)]
}

describe('compareParts()', () => {
  test.each<[string, readonly DonePart[], readonly ListedPart[], ReturnType<typeof compare>]>([
    ['nothing on either side', [], [], [[], []]],
    ['the same on both', [done(1), done(3)], [listed(1), listed(3)], [[1, 3], []]],
    ['purged by the service', [done(1), done(2)], [listed(2)], [[2], []]],
    ['stored, but not written down before the crash', [done(1)], [listed(1), listed(2)], [[1], [2]]],
    ['of another content', [done(1)], [listed(1, { crc64: '7' })], [[], [1]]],
    ['of another size', [done(1)], [listed(1, { sizeBytes: 9 })], [[], []]],
    ['the last with the size of the others', [done(3)], [listed(3, { sizeBytes: 10 })], [[], []]],
    ['beyond the end of the file', [], [listed(4)], [[], []]],
    ['without CRC-64, the same ETag', [done(1)], [listed(1, { crc64: undefined, etag: '"e1"' })], [[1], []]],
    ['without CRC-64, another ETag', [done(1)], [listed(1, { crc64: undefined, etag: '"X"' })], [[], [1]]],
    [
      'without CRC-64, and no ETag known',
      [done(1, { etag: undefined })],
      [listed(1, { crc64: undefined })],
      [[], [1]],
    ],
  ])('%s', (_, own, theirs, expected) => {
    expect(compare(own, theirs)).toEqual(expected)
  })

  test("learns what the bucket's CORS rule had hidden", () => {
    const { confirmed } = compareParts(
      [done(1, { etag: undefined, verified: false })],
      [listed(1)],
      25,
      evenLayout(10),
    )
    expect(confirmed).toEqual([done(1)])
  })
})
