import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import { describeCheckpointStore, makeCheckpoint } from '../../../../test/contracts/checkpoint-store.ts'
import type { Clock } from '../clock/clock.ts'
import { createCheckpointBook } from './checkpoint-book.ts'
import { CHECKPOINT_VERSION, readCheckpoint } from './checkpoint.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { createIdbStore } from './idb-store.ts'
import { createMemoryStore } from './memory-store.ts'
import { createResilientStore } from './resilient-store.ts'

const clock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

describeCheckpointStore('memory', createMemoryStore)
describeCheckpointStore('fake-indexeddb', createIdbStore)
describeCheckpointStore('resilient', () =>
  createResilientStore(createMemoryStore(), clock, () => expect.unreachable('nothing fails here')),
)

test('a checkpoint outlives the store that saved it', async () => {
  await createIdbStore('outlives').save('a', makeCheckpoint())
  expect(await createIdbStore('outlives').load('a')).toEqual(makeCheckpoint())
})

describe('createResilientStore()', () => {
  const broken = (error: Error): CheckpointStore => {
    const fail = (): Promise<never> => Promise.reject(error)
    return { load: fail, save: fail, remove: fail, entries: fail }
  }

  test('goes over to memory when storage fails, and says so once', async () => {
    const told: unknown[] = []
    const error = new DOMException('full', 'QuotaExceededError')
    const store = createResilientStore(broken(error), clock, (cause) => told.push(cause))
    await store.save('a', makeCheckpoint())
    await store.save('b', makeCheckpoint())
    expect(await store.load('a')).toEqual(makeCheckpoint())
    expect(told).toEqual([error])
  })

  test('still has what was saved before storage failed', async () => {
    const storage = createMemoryStore()
    let isFull = false
    const save: CheckpointStore['save'] = (id, checkpoint) =>
      isFull ? Promise.reject(new Error('full')) : storage.save(id, checkpoint)
    const store = createResilientStore({ ...storage, save }, clock, () => undefined)
    await store.save('a', makeCheckpoint())
    isFull = true
    await store.save('b', makeCheckpoint())
    expect(await store.load('a')).toEqual(makeCheckpoint())
    expect((await store.entries()).map(([id]) => id)).toEqual(['a', 'b'])
  })

  test('believes storage: what another page has removed is not there any more', async () => {
    const storage = createMemoryStore()
    const store = createResilientStore(storage, clock, () => expect.unreachable('nothing fails here'))
    await store.save('a', makeCheckpoint())
    await storage.remove('a')
    expect(await store.load('a')).toBeUndefined()
    expect(await store.entries()).toEqual([])
  })

  test('does not leave an older record where a newer one could not be written', async () => {
    const storage = createMemoryStore()
    let isFull = false
    const save: CheckpointStore['save'] = (id, checkpoint) =>
      isFull ? Promise.reject(new Error('full')) : storage.save(id, checkpoint)
    const store = createResilientStore({ ...storage, save }, clock, () => undefined)
    await store.save('a', makeCheckpoint())
    isFull = true
    const newer = { ...makeCheckpoint(), updatedAtMs: 9 }
    await store.save('a', newer)
    expect(await storage.load('a')).toBeUndefined()
    expect(await store.load('a')).toEqual(newer)
  })

  test('goes over to memory when storage never answers', async () => {
    const silent = { ...broken(new Error()), load: () => new Promise<never>(() => undefined) }
    const told: unknown[] = []
    const atOnce: Clock = {
      now: () => 0,
      after: (_, callback) => {
        queueMicrotask(callback)
        return () => undefined
      },
    }
    const store = createResilientStore(silent, atOnce, (cause) => told.push(cause))
    expect(await store.load('a')).toBeUndefined()
    expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('did not answer') })])
  })
})

test('a record of a later release is neither taken, nor written over, nor removed', async () => {
  const store = createMemoryStore()
  const { fingerprint, ...rest } = makeCheckpoint()
  const book = createCheckpointBook({ store, clock, namespace: '', maxAgeMs: Infinity })
  await book.write({ ...rest, fingerprint })
  const [[id] = ['']] = await store.entries()
  const later = Object.assign(makeCheckpoint(), { version: CHECKPOINT_VERSION + 1, more: true })
  await store.save(id, later)
  expect(await book.find(fingerprint)).toBeUndefined()
  await book.write({ ...rest, fingerprint })
  await book.drop(fingerprint)
  expect(await store.load(id)).toEqual(later)
})

describe('readCheckpoint()', () => {
  test('takes what this release writes', () => {
    const checkpoint = makeCheckpoint()
    expect(readCheckpoint(structuredClone(checkpoint))).toEqual({ kind: 'valid', checkpoint })
  })

  test('leaves a record of a later release alone', () => {
    expect(readCheckpoint({ version: 2, anything: true })).toEqual({ kind: 'newer' })
  })

  test.each([
    ['nothing', undefined],
    ['a text', 'x'],
    ['no version', { ...makeCheckpoint(), version: undefined }],
    ['no upload id', { ...makeCheckpoint(), uploadId: undefined }],
    ['a part size that is no number', { ...makeCheckpoint(), layout: [{ fromPart: 1, sizeBytes: '10' }] }],
    ['parts of nothing', { ...makeCheckpoint(), layout: [{ fromPart: 1, sizeBytes: 0 }] }],
    [
      'a CRC-64 that is no number',
      { ...makeCheckpoint(), done: [{ ...makeCheckpoint().done[0], crc64: 'x' }] },
    ],
    ['a negative size', { ...makeCheckpoint(), layout: [{ fromPart: 1, sizeBytes: -1 }] }],
    ['no layout', { ...makeCheckpoint(), layout: [] }],
    [
      'a layout that does not begin with part 1',
      { ...makeCheckpoint(), layout: [{ fromPart: 2, sizeBytes: 1 }] },
    ],
    [
      'a layout that goes back',
      {
        ...makeCheckpoint(),
        layout: [
          { fromPart: 1, sizeBytes: 1 },
          { fromPart: 1, sizeBytes: 2 },
        ],
      },
    ],
    [
      'a part whose CRC-64 is no number',
      { ...makeCheckpoint(), done: [{ partNumber: 1, sizeBytes: 10, crc64: 'x', verified: true }] },
    ],
    ['parts that are no list', { ...makeCheckpoint(), done: {} }],
    ['no fingerprint', { ...makeCheckpoint(), fingerprint: null }],
  ])('calls %s unreadable', (_, record) => {
    expect(readCheckpoint(record)).toEqual({ kind: 'unreadable' })
  })
})
