import { expect, test } from 'vitest'
import type { PartAnswer, PartTask, PartUploader } from '../engine/ports.ts'
import { createPartUploaderPool } from './part-uploader-pool.ts'

const task: PartTask = {
  request: { method: 'PUT', url: 'http://x', headers: {} },
  body: new Blob(),
  checksum: 'crc64',
  idleTimeoutMs: 1,
}
const options = { signal: new AbortController().signal, onProgress: () => undefined }
const answer: PartAnswer = { response: { status: 200, headers: {}, body: '' }, crc64: '0' }

/** An uploader that answers when told to. */
function createFake(): PartUploader & { readonly finishAll: () => void; readonly count: () => number } {
  let finish: (() => void)[] = []
  return {
    send: () => new Promise((resolve) => finish.push(() => resolve(answer))),
    count: () => finish.length,
    finishAll: () => {
      for (const one of finish) one()
      finish = []
    },
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('a pool sends by its first uploader alone while there is little to do', async () => {
  const first = createFake()
  let asked = 0
  const pool = createPartUploaderPool(first, async () => (asked++, createFake()), 4)
  const sends = [pool.send(task, options), pool.send(task, options), pool.send(task, options)]
  await turn()
  first.finishAll()
  await Promise.all(sends)
  expect(asked).toBe(0)
})

test('a pool grows when all its members are busy, one at a time, and no further than its limit', async () => {
  const first = createFake()
  const others: ReturnType<typeof createFake>[] = []
  const pool = createPartUploaderPool(
    first,
    async () => (others.push(createFake()), others.at(-1) ?? first),
    2,
  )
  for (let index = 0; index < 12; index++) {
    void pool.send(task, options)
    await turn()
  }
  expect(others).toHaveLength(1)
  expect([first.count(), others[0]?.count()]).toEqual([6, 6])
})

test('a pool whose second worker cannot be had goes on with the first, and does not ask again', async () => {
  const first = createFake()
  let asked = 0
  const pool = createPartUploaderPool(first, () => (asked++, Promise.reject(new Error('none'))), 4)
  for (let index = 0; index < 8; index++) {
    void pool.send(task, options)
    await turn()
  }
  expect(first.count()).toBe(8)
  expect(asked).toBe(1)
})

test('a pool gives nothing more to a member that was removed', async () => {
  const first = createFake()
  const second = createFake()
  const pool = createPartUploaderPool(first, async () => second, 2)
  for (let index = 0; index < 4; index++) {
    void pool.send(task, options)
    await turn()
  }
  pool.remove(second)
  void pool.send(task, options)
  expect(second.count()).toBe(0)
  expect(first.count()).toBe(5)
})
