import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listAllFiles } from '../testing/files.ts'
import { temporaryFolder } from '../testing/running-server.ts'
import { fromRecordJson, toRecordJson, type ObjectRecord } from './object-record.ts'
import { openStore, type Store } from './store.ts'

const BUCKET = 'bucket'

async function openWithBucket(dir: string): Promise<Store> {
  const store = await openStore(dir)
  if (store.buckets.get(BUCKET) === undefined) {
    await store.buckets.put(BUCKET, { createdMs: 0, acl: 'private', cors: [], responseVary: false })
  }
  return store
}

function facts(key: string, content: string): Omit<ObjectRecord, 'location' | 'stagedAs' | 'uploadId'> {
  return {
    key,
    type: 'Normal',
    sizeBytes: Buffer.byteLength(content),
    etag: 'E',
    crc64: 18_446_744_073_709_551_615n,
    contentMd5: undefined,
    lastModifiedMs: 1,
    headers: { 'content-type': 'text/plain' },
    acl: 'default',
    tags: [],
  }
}

async function put(store: Store, key: string, content: string): Promise<ObjectRecord> {
  const stagedPath = store.layout.freshStagingPath()
  await writeFile(stagedPath, content)
  return store.objects.commit(BUCKET, { facts: facts(key, content), stagedPath })
}

async function read(store: Store, key: string): Promise<string | undefined> {
  const record = store.objects.get(BUCKET, key)
  const file = record && (await store.objects.open(BUCKET, record))
  if (file === undefined) return undefined
  try {
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

const AWKWARD_KEYS = [
  'plain.txt',
  'folder/plain.txt',
  'a',
  'a/b',
  'a/b/c',
  'a/',
  'a//b',
  'a/./b',
  'a/../b',
  '../x',
  '../../x',
  '..',
  '.',
  'nul\u0000byte',
  'line\nfeed',
  'back\\slash',
  '中文/文件 名+1.txt',
  'e\u0301 decomposed',
  '\u00e9 composed',
  '%2e%2e/x',
  '.sluice/x',
  'x'.repeat(256),
  '中'.repeat(341),
  `${'y'.repeat(200)}/`.repeat(5).slice(0, 1023),
]

test('objects of awkward keys are kept apart, survive a restart, and never leave the data folder', async () => {
  const outer = await temporaryFolder()
  const dir = join(outer, 'data')
  const store = await openWithBucket(dir)
  for (const key of AWKWARD_KEYS) await put(store, key, `content of ${key}`)

  const reopened = await openWithBucket(dir)
  const found = await Promise.all(AWKWARD_KEYS.map((key) => read(reopened, key)))
  expect(found).toEqual(AWKWARD_KEYS.map((key) => `content of ${key}`))
  expect((await listAllFiles(outer)).filter((path) => !path.startsWith('data/'))).toEqual([])

  for (const key of AWKWARD_KEYS) await reopened.objects.remove(BUCKET, key)
  expect((await listAllFiles(dir)).filter((path) => !/^\.sluice\/(buckets|token-secret)/.test(path))).toEqual(
    [],
  )
})

describe('commit() keeps an object at its own path', () => {
  test('when the key can be a path', async () => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    await put(store, 'a/b.txt', 'content')
    expect(await readFile(join(dir, BUCKET, 'a/b.txt'), 'utf8')).toBe('content')
  })

  test('also when it replaces another one', async () => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    await put(store, 'a', 'old')
    await put(store, 'a', 'new')
    expect(await readFile(join(dir, BUCKET, 'a'), 'utf8')).toBe('new')
  })

  test('but not in the way of another object', async () => {
    const store = await openWithBucket(await temporaryFolder())
    expect(
      [await put(store, 'a', '1'), await put(store, 'a/b', '2')].map(({ location }) => location),
    ).toEqual(['plain', 'internal'])
  })

  test('and moves there when the way is free again', async () => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    await put(store, 'a', '1')
    await put(store, 'a/b', '2')
    await store.objects.remove(BUCKET, 'a')
    await put(store, 'a/b', '3')
    expect(await readFile(join(dir, BUCKET, 'a/b'), 'utf8')).toBe('3')
    expect((await listAllFiles(dir)).filter((path) => path.endsWith('.data'))).toEqual([])
  })
})

test('commit() leaves everything as it was when its check refuses', async () => {
  const store = await openWithBucket(await temporaryFolder())
  await put(store, 'a', 'old')
  const stagedPath = store.layout.freshStagingPath()
  await writeFile(stagedPath, 'new')
  const refused = store.objects.commit(BUCKET, {
    facts: facts('a', 'new'),
    stagedPath,
    check: () => {
      throw new Error('refused')
    },
  })
  await expect(refused).rejects.toThrow('refused')
  expect(await read(store, 'a')).toBe('old')
})

test('commit() leaves everything as it was when the disk refuses the rename', async () => {
  const dir = await temporaryFolder()
  const store = await openWithBucket(dir)
  await put(store, 'a', 'old')
  for (const key of ['a', 'b']) {
    const commit = {
      facts: { ...facts(key, 'new'), etag: 'NEW' },
      stagedPath: store.layout.freshStagingPath(),
    }
    await expect(store.objects.commit(BUCKET, commit)).rejects.toMatchObject({ code: 'ENOENT' })
  }
  const reopened = await openWithBucket(dir)
  expect(reopened.objects.list(BUCKET).map(({ key, etag }) => [key, etag])).toEqual([['a', 'E']])
})

test('a record from before there were ACLs and tags is that of an object without them', () => {
  const { acl: _acl, tags: _tags, ...old } = facts('a', 'abc')
  const json = JSON.stringify({ ...old, crc64: '1', location: 'plain', stagedAs: 'x' })
  expect(fromRecordJson(json, 'record')).toMatchObject({ key: 'a', acl: 'default', tags: [] })
})

test('remove() takes empty folders along, but not the bucket', async () => {
  const dir = await temporaryFolder()
  const store = await openWithBucket(dir)
  await put(store, 'a/b/c', '1')
  await put(store, 'a/d', '2')
  await store.objects.remove(BUCKET, 'a/b/c')
  expect(await listAllFiles(join(dir, BUCKET))).toEqual(['a/d'])
  await store.objects.remove(BUCKET, 'a/d')
  expect(await listAllFiles(join(dir, BUCKET))).toEqual([])
  await put(store, 'e', '3')
})

describe('recovery after a crash', () => {
  async function crashedWithRecordWritten(dir: string): Promise<Store> {
    const store = await openWithBucket(dir)
    const old = await put(store, 'a/b', 'old')
    await writeFile(join(dir, '.sluice/staging/new'), 'new!')
    const record: ObjectRecord = {
      ...old,
      ...facts('a/b', 'new!'),
      stagedAs: '.sluice/staging/new',
      etag: 'NEW',
    }
    await writeFile(store.layout.recordFile(BUCKET, 'a/b'), toRecordJson(record))
    return openWithBucket(dir)
  }

  test('between record and bytes: the new object is there, whole', async () => {
    const store = await crashedWithRecordWritten(await temporaryFolder())
    expect(await read(store, 'a/b')).toBe('new!')
    expect(store.objects.get(BUCKET, 'a/b')).toMatchObject({ etag: 'NEW', sizeBytes: 4 })
  })

  test('before the record: the old object is there, and the staged body is gone', async () => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    await put(store, 'a', 'old')
    await writeFile(store.layout.freshStagingPath(), 'half a bo')
    const reopened = await openWithBucket(dir)
    expect(await read(reopened, 'a')).toBe('old')
    expect(await listAllFiles(join(dir, '.sluice/staging'))).toEqual([])
  })

  test('within a deletion: the object is gone', async () => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    await put(store, 'a', 'old')
    await rm(join(dir, BUCKET, 'a'))
    const reopened = await openWithBucket(dir)
    expect(reopened.objects.list(BUCKET)).toEqual([])
  })

  test('within a move from an internal file to its own path: one object, no leftover', async () => {
    const dir = await temporaryFolder()
    const store = await openWithBucket(dir)
    await put(store, 'a', 'content')
    await writeFile(store.layout.internalFile(BUCKET, 'a'), 'what it was before')
    const reopened = await openWithBucket(dir)
    expect(await read(reopened, 'a')).toBe('content')
    expect((await listAllFiles(dir)).filter((path) => path.endsWith('.data'))).toEqual([])
  })
})

test('any sequence of puts and removals leaves what a map would hold, before and after a restart', async () => {
  const key = fc.constantFrom('a', 'a/b', 'a/b/c', 'a/', 'b', '../a', 'b/../a')
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), key, content: fc.string() }),
    fc.record({ kind: fc.constant('remove' as const), key }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const dir = await temporaryFolder()
      const store = await openWithBucket(dir)
      const model = new Map<string, string>()
      for (const each of steps) {
        if (each.kind === 'put') {
          await put(store, each.key, each.content)
          model.set(each.key, each.content)
        } else {
          await store.objects.remove(BUCKET, each.key)
          model.delete(each.key)
        }
      }
      for (const opened of [store, await openWithBucket(dir)]) {
        const contents = opened.objects
          .list(BUCKET)
          .map(async (record) => [record.key, await read(opened, record.key)] as const)
        expect(new Map(await Promise.all(contents))).toEqual(model)
      }
    }),
    { numRuns: 40 },
  )
})
