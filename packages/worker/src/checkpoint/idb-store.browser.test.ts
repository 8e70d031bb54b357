import { afterEach, expect, test, vi } from 'vitest'
import { describeCheckpointStore, makeCheckpoint } from '../../../../test/contracts/checkpoint-store.ts'
import { createIdbStore } from './idb-store.ts'

describeCheckpointStore('IndexedDB', (name) => createIdbStore(`${name}-${crypto.randomUUID()}`))

afterEach(() => vi.restoreAllMocks())

test('a connection to the database that was lost is opened again', async () => {
  const store = createIdbStore(crypto.randomUUID())
  await store.save('a', makeCheckpoint())
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('Connection to Indexed Database server lost', 'UnknownError')
  })
  const open = vi.spyOn(indexedDB, 'open')
  expect(await store.load('a')).toEqual(makeCheckpoint())
  await store.save('a', makeCheckpoint({ updatedAtMs: 9 }))
  expect(await store.load('a')).toEqual(makeCheckpoint({ updatedAtMs: 9 }))
  expect(open).toHaveBeenCalledTimes(1)
})

test('what fails again is told', async () => {
  const store = createIdbStore(crypto.randomUUID())
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await expect(store.save('a', makeCheckpoint())).rejects.toThrow('full')
})

test('a handle that the database refuses is left out', async () => {
  const store = createIdbStore(crypto.randomUUID())
  // A function is cloned by no browser.
  const handle = (() => undefined) as unknown as FileSystemFileHandle
  await store.save('a', makeCheckpoint({ handle }))
  expect(await store.load('a')).toEqual(makeCheckpoint())
})
