import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createCrc64 } from '../hash/crc64.ts'
import type { Crc64 } from '../hash/crc64.ts'
import { fingerprintKey, sampleRanges, takeFingerprint } from './fingerprint.ts'

const KIB = 1024

const never = new AbortController().signal
let crc64: Crc64
beforeAll(async () => {
  crc64 = await createCrc64()
})

/** Bytes that are all 0 but for one. */
const bytes = (size: number, position = 0): Uint8Array<ArrayBuffer> => {
  const content = new Uint8Array(size)
  content[position] = 1
  return content
}
const fileOf = (content: Uint8Array<ArrayBuffer>, name = 'a.mp4', lastModified = 5): File =>
  new File([content], name, { lastModified, type: 'video/mp4' })

describe('takeFingerprint()', () => {
  test('tells name, size, time, type and samples', async () => {
    expect(
      await takeFingerprint(new File(['123456789'], 'a.mp4', { lastModified: 5 }), 'a.mp4', crc64, never),
    ).toEqual({
      name: 'a.mp4',
      sizeBytes: 9,
      lastModifiedMs: 5,
      type: '',
      samplesCrc64: '11051210869376104954',
    })
  })

  test('takes a Blob without a time, and an empty one', async () => {
    expect(await takeFingerprint(new Blob([]), 'blob', crc64, never)).toMatchObject({
      lastModifiedMs: 0,
      samplesCrc64: '0',
    })
  })

  const size = 1000 * KIB
  test.each([
    ['head', 10],
    ['middle', size / 2],
    ['tail', size - 1],
  ])('notices other content in the %s', async (_, position) => {
    const [one, other] = await Promise.all(
      [fileOf(bytes(size, position)), fileOf(new Uint8Array(size))].map((file) =>
        takeFingerprint(file, 'a', crc64, never),
      ),
    )
    expect(one?.samplesCrc64).not.toBe(other?.samplesCrc64)
  })
})

describe('sampleRanges()', () => {
  test('are inside the file, in order, without overlap, and at most 192 KiB in all', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 45), (sizeBytes) => {
        const ranges = sampleRanges(sizeBytes)
        const flat = ranges.flat()
        expect(flat).toEqual(flat.toSorted((a, b) => a - b))
        expect(flat.at(0)).toBe(0)
        expect(flat.at(-1)).toBe(sizeBytes)
        expect(ranges.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThanOrEqual(192 * KIB)
      }),
    )
  })
})

test('fingerprintKey() differs when any field does', () => {
  const one = { name: 'a', sizeBytes: 1, lastModifiedMs: 2, type: 't', samplesCrc64: '3' }
  const others = [
    { ...one, name: 'b' },
    { ...one, sizeBytes: 9 },
    { ...one, lastModifiedMs: 9 },
    { ...one, type: 'x' },
    { ...one, samplesCrc64: '9' },
  ]
  const keys = [one, ...others].map(fingerprintKey)
  expect(new Set(keys).size).toBe(6)
  expect(fingerprintKey({ ...one })).toBe(fingerprintKey(one))
})
