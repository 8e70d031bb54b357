import { describe, expect, test } from 'vitest'
import type { PartRecord } from '../store/part-name.ts'
import type { ListedPart } from './complete-body.ts'
import { planCompletion } from './plan-completion.ts'

const MIN = 100

function stored(
  ...parts: readonly (readonly [partNumber: number, sizeBytes: number])[]
): Map<number, PartRecord> {
  return new Map(
    parts.map(([partNumber, sizeBytes]) => [
      partNumber,
      { partNumber, sizeBytes, etag: `E${partNumber}`, crc64: 0n, lastModifiedMs: 0, home: 'own' },
    ]),
  )
}

function listed(...numbers: readonly number[]): ListedPart[] {
  return numbers.map((partNumber) => ({ partNumber, etag: `"e${partNumber}"` }))
}

function outcome(parts: ReadonlyMap<number, PartRecord>, list: readonly ListedPart[]): number[] | string {
  try {
    return planCompletion('ID', parts, list, MIN).map(({ partNumber }) => partNumber)
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error'
  }
}

describe('planCompletion() checks one thing after the other', () => {
  test.each<
    [reason: string, parts: Map<number, PartRecord>, list: ListedPart[], expected: number[] | string]
  >([
    ['all in order', stored([1, 100], [2, 100], [3, 1]), listed(1, 2, 3), [1, 2, 3]],
    ['gaps, and parts that are not listed', stored([1, 100], [5, 1], [7, 100]), listed(1, 7), [1, 7]],
    ['the last listed may be small', stored([1, 100], [2, 1], [3, 100]), listed(1, 2), [1, 2]],
    ['a single small one', stored([4, 0]), listed(4), [4]],
    ['not ascending', stored([1, 100], [2, 100]), listed(2, 1), 'InvalidPartOrder'],
    ['a number twice', stored([1, 100]), listed(1, 1), 'InvalidPartOrder'],
    ['order before presence', stored(), listed(2, 1), 'InvalidPartOrder'],
    ['a part that never came', stored([1, 100]), listed(1, 2), 'InvalidPart'],
    ['another ETag', stored([1, 100]), [{ partNumber: 1, etag: '"other"' }], 'InvalidPart'],
    ['presence before size', stored([1, 1], [2, 1]), listed(1, 3), 'InvalidPart'],
    ['a small one before the last', stored([1, 99], [2, 100]), listed(1, 2), 'EntityTooSmall'],
    ['a number above the limit', stored(), listed(10_001), 'InvalidArgument'],
    ['number 0', stored(), listed(0), 'InvalidArgument'],
  ])('%s', (_, parts, list, expected) => {
    expect(outcome(parts, list)).toEqual(expected)
  })
})

test('planCompletion() names the part that is missing', () => {
  expect(() => planCompletion('ID', stored(), [{ partNumber: 2, etag: '"X"' }], MIN)).toThrow(
    expect.objectContaining({
      fields: [
        ['ETag', '"X"'],
        ['PartNumber', '2'],
        ['UploadId', 'ID'],
      ],
    }),
  )
})
