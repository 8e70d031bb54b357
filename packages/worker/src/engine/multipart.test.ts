import { describe, expect, test } from 'vitest'
import { evenLayout } from '../plan/layout.ts'
import { fillFromList, missingParts, objectCrc64, reopenMultipart, verifyCrc64 } from './multipart.ts'
import type { DonePart, MultipartUpload } from './multipart.ts'

const done = (partNumber: number, changed: Partial<DonePart> = {}): DonePart => ({
  partNumber,
  sizeBytes: partNumber === 3 ? 5 : 10,
  crc64: `${partNumber}00`,
  etag: `E${partNumber}`,
  verified: true,
  ...changed,
})

// A file of 25 bytes in parts of 10: sizes 10, 10, 5.
const upload = (parts: readonly DonePart[]): MultipartUpload =>
  reopenMultipart(
    {
      place: { bucket: 'bucket', key: 'key', mediaId: undefined },
      uploadId: 'ID',
      sizeBytes: 25,
      layout: evenLayout(10),
      createdAtMs: 0,
    },
    parts,
  )

describe('verifyCrc64()', () => {
  test('says whether there was something to compare', () => {
    expect(verifyCrc64('part 1', '5', '5')).toBe(true)
    expect(verifyCrc64('part 1', '5', undefined)).toBe(false)
  })

  test('refuses a difference, naming the thing', () => {
    expect(() => verifyCrc64('part 7 of 42', '5', '6')).toThrow(
      expect.objectContaining({
        code: 'CHECKSUM_MISMATCH',
        message: expect.stringContaining('part 7 of 42'),
      }),
    )
  })
})

test('missingParts() are those that are not done, with their ranges', () => {
  expect(missingParts(upload([done(2)]))).toEqual([
    { partNumber: 1, start: 0, end: 10 },
    { partNumber: 3, start: 20, end: 25 },
  ])
})

test('objectCrc64() goes by part number, in whatever order the parts were done', () => {
  const parts = [done(1), done(2), done(3)]
  expect(objectCrc64(upload(parts.toReversed()))).toBe(objectCrc64(upload(parts)))
})

describe('fillFromList()', () => {
  const listed = (partNumber: number, crc64 = `${partNumber}00`, sizeBytes = done(partNumber).sizeBytes) => ({
    partNumber,
    sizeBytes,
    crc64,
    etag: `"E${partNumber}"`,
  })

  test('fills in what was hidden', () => {
    const multipart = upload([1, 2, 3].map((number) => done(number, { etag: undefined, verified: false })))
    expect(fillFromList(multipart, [listed(1), listed(2), listed(3)])).toBe(true)
    expect([...multipart.done.values()]).toEqual([done(1), done(2), done(3)])
  })

  test.each([
    ['is not in the list', [listed(1), listed(3)]],
    ['has another size there', [listed(1), listed(2, '200', 9), listed(3)]],
    ['has other bytes there', [listed(1), listed(2, '7'), listed(3)]],
  ])('takes a part back that %s', (_, list) => {
    const multipart = upload([done(1), done(2), done(3)])
    expect(fillFromList(multipart, list)).toBe(false)
    expect([...multipart.done.keys()]).toEqual([1, 3])
    expect(multipart.recordedBytes).toBe(15)
  })

  test('believes the list, whatever ETag an answer had', () => {
    const multipart = upload([done(1), done(2, { etag: 'WRONG' }), done(3)])
    expect(fillFromList(multipart, [listed(1), listed(2), listed(3)])).toBe(true)
    expect(multipart.done.get(2)?.etag).toBe('E2')
  })
})
