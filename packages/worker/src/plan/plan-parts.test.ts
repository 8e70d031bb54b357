import { describe, expect, test } from 'vitest'
import { MAX_PARTS } from '../oss/limits.ts'
import { MAX_PART_SIZE_BYTES, MIN_PART_SIZE_BYTES } from '../protocol/part-size-limits.ts'
import { planUpload } from './plan-parts.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const TIB = 1024 ** 4

describe('planUpload()', () => {
  test.each([
    { reason: 'an empty file', size: 0, expected: { kind: 'single' } },
    { reason: 'a file of one part', size: 8 * MIB, expected: { kind: 'single' } },
    { reason: 'one byte more', size: 8 * MIB + 1, expected: { kind: 'multipart', partSizeBytes: 8 * MIB } },
    {
      reason: '10,000 parts of 8 MiB',
      size: 80_000 * MIB,
      expected: { kind: 'multipart', partSizeBytes: 8 * MIB },
    },
    {
      reason: 'one byte more',
      size: 80_000 * MIB + 1,
      expected: { kind: 'multipart', partSizeBytes: 9 * MIB },
    },
    { reason: '100 GiB', size: 100 * GIB, expected: { kind: 'multipart', partSizeBytes: 11 * MIB } },
    {
      reason: 'the largest object',
      size: 48 * TIB,
      expected: { kind: 'multipart', partSizeBytes: 5034 * MIB },
    },
  ])('by default sends $reason ($size bytes) as $expected', ({ size, expected }) => {
    expect(planUpload(size)).toEqual(expected)
  })

  test('takes a forced part size', () => {
    expect(planUpload(100 * MIB, 102_400)).toEqual({ kind: 'multipart', partSizeBytes: 102_400 })
    expect(planUpload(102_400, 102_400)).toEqual({ kind: 'single' })
  })

  test('refuses a forced part size that needs more than 10,000 parts, and says which is enough', () => {
    expect(() => planUpload(100 * GIB, MIN_PART_SIZE_BYTES)).toThrow(
      expect.objectContaining({
        code: 'FILE_TOO_LARGE',
        message: expect.stringContaining(`${11 * MIB} or more`),
      }),
    )
  })

  test('refuses a file that no part size is large enough for', () => {
    expect(() => planUpload(MAX_PARTS * MAX_PART_SIZE_BYTES + 1)).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE', message: expect.stringContaining('No part size') }),
    )
  })
})
