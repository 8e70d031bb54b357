import { expect, test } from 'vitest'
import { evenLayout } from '../plan/layout.ts'
import { inspectParts } from './inspect-parts.ts'
import type { BodiesOnTheirWay } from './inspect-parts.ts'
import { openMultipart, reopenMultipart } from './multipart.ts'
import type { DonePart } from './multipart.ts'

const place = { bucket: 'a', key: 'b', mediaId: undefined }
const opened = { place, uploadId: 'c', sizeBytes: 45, layout: evenLayout(10), createdAtMs: 1 }
const donePart = (partNumber: number): DonePart => ({
  partNumber,
  sizeBytes: 10,
  crc64: '1',
  etag: 'A',
  verified: true,
})

test('each part is waiting, reading, sending, retrying or done; the last one is smaller', () => {
  const multipart = openMultipart(opened)
  multipart.done.set(1, donePart(1))
  const bodies: BodiesOnTheirWay = new Map([
    [2, { status: 'sending', sentBytes: 4 }],
    [3, { status: 'sending', sentBytes: 0 }],
    [4, { status: 'retrying' }],
  ])
  expect(inspectParts(multipart, 45, bodies)).toEqual([
    { partNumber: 1, sizeBytes: 10, status: 'done', sentBytes: 10 },
    { partNumber: 2, sizeBytes: 10, status: 'sending', sentBytes: 4 },
    { partNumber: 3, sizeBytes: 10, status: 'reading', sentBytes: 0 },
    { partNumber: 4, sizeBytes: 10, status: 'retrying', sentBytes: 0 },
    { partNumber: 5, sizeBytes: 5, status: 'waiting', sentBytes: 0 },
  ])
})

test('a part of an earlier page is resumed, one of this page done', () => {
  const multipart = reopenMultipart(opened, [donePart(2)])
  multipart.done.set(3, donePart(3))
  const statuses = inspectParts(multipart, 45, new Map()).map(({ status }) => status)
  expect(statuses).toEqual(['waiting', 'resumed', 'done', 'waiting', 'waiting'])
})

test('a confirmed part whose checkpoint is still being written is done', () => {
  const multipart = openMultipart(opened)
  multipart.done.set(1, donePart(1))
  const [first] = inspectParts(multipart, 45, new Map([[1, { status: 'sending', sentBytes: 10 }]]))
  expect(first).toMatchObject({ status: 'done', sentBytes: 10 })
})

test('a file that is sent in one request is one part', () => {
  expect(inspectParts(undefined, 7, new Map())).toEqual([
    { partNumber: 1, sizeBytes: 7, status: 'waiting', sentBytes: 0 },
  ])
  expect(inspectParts(undefined, 7, new Map([[1, { status: 'sending', sentBytes: 3 }]]))).toEqual([
    { partNumber: 1, sizeBytes: 7, status: 'sending', sentBytes: 3 },
  ])
})
