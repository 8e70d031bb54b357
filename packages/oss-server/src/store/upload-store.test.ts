import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listAllFiles } from '../testing/files.ts'
import { temporaryFolder } from '../testing/running-server.ts'
import { toPartName, type PartRecord } from './part-name.ts'
import { openStore, type Store } from './store.ts'

const BUCKET = 'bucket'
const FACTS = {
  bucket: BUCKET,
  key: 'a',
  initiatedMs: 1,
  headers: {},
  acl: 'default',
  tags: [],
  isSequential: false,
} as const

function part(change: Partial<PartRecord>): PartRecord {
  const etag = '0123456789ABCDEF0123456789ABCDEF'
  return { partNumber: 1, sizeBytes: 3, etag, crc64: 1n, lastModifiedMs: 10, home: 'own', ...change }
}

async function openWithBucket(dir: string): Promise<Store> {
  const store = await openStore(dir)
  await store.buckets.put(BUCKET, { createdMs: 0, acl: 'private', cors: [], responseVary: false })
  return store
}

describe('recovery of uploads', () => {
  test.each([
    ['the later name comes first in order', 'AAAA0000AAAA0000AAAA0000AAAA0000'],
    ['the later name comes last in order', 'FFFF0000FFFF0000FFFF0000FFFF0000'],
  ])('keeps the later of two parts of one number: %s', async (_, etag) => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    const upload = await store.uploads.begin(FACTS)
    const folder = store.layout.uploadDir(BUCKET, upload.uploadId)
    const later = part({ etag, lastModifiedMs: 9 })
    const earlier = part({ lastModifiedMs: 8 })
    for (const each of [later, earlier]) await writeFile(join(folder, toPartName(each)), 'abc')
    const reopened = await openWithBucket(dir)
    expect([...(reopened.uploads.find(BUCKET, 'a', upload.uploadId)?.parts.values() ?? [])]).toEqual([later])
    expect(await listAllFiles(folder)).toEqual([toPartName(later), 'upload.json'])
  })

  test('removes an upload that was never answered for', async () => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    await mkdir(store.layout.uploadDir(BUCKET, 'HALF'), { recursive: true })
    const reopened = await openWithBucket(dir)
    expect(reopened.uploads.list(BUCKET)).toEqual([])
    expect(await listAllFiles(join(dir, '.sluice/uploads'))).toEqual([])
  })

  test('does not open a file that is not what it should be', async () => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    const upload = await store.uploads.begin(FACTS)
    const file = join(store.layout.uploadDir(BUCKET, upload.uploadId), 'upload.json')
    await writeFile(file, '{"key":1}')
    await expect(openWithBucket(dir)).rejects.toThrow(`${file}.uploadId is missing`)
  })
})

test('putPart() takes the place of an earlier part, wherever that one is', async () => {
  const store = await openWithBucket(await temporaryFolder())
  const upload = await store.uploads.begin(FACTS)
  for (const [lastModifiedMs, body] of [
    [1, 'abc'],
    [2, 'defg'],
    [3, 'hij'],
  ] as const) {
    const target = store.uploads.reserve(upload, 1, body.length)
    await writeFile(target.path, body)
    await store.uploads.putPart(
      upload,
      part({ lastModifiedMs, sizeBytes: body.length, home: target.home }),
      target,
    )
    await target.release()
  }
  const names = await listAllFiles(store.layout.uploadDir(BUCKET, upload.uploadId))
  expect(names).toEqual([toPartName(part({ lastModifiedMs: 3, home: 'shared' })), 'shared.3', 'upload.json'])
})
