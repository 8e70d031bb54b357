import { describe, expect, test } from 'vitest'
import type { Checkpoint } from '../../packages/worker/src/checkpoint/checkpoint.ts'
import type { CheckpointStore } from '../../packages/worker/src/checkpoint/checkpoint-store.ts'

export function makeCheckpoint(changed: Partial<Checkpoint> = {}): Checkpoint {
  return {
    version: 1,
    fingerprint: { name: 'a.mp4', sizeBytes: 30, lastModifiedMs: 5, type: 'video/mp4', samplesCrc64: '1' },
    bucket: 'bucket',
    key: 'key',
    uploadId: '97BD544A65DB46F9A8735C93917A960F',
    layout: [{ fromPart: 1, sizeBytes: 10 }],
    done: [{ partNumber: 1, sizeBytes: 10, crc64: '12066172435287683848', etag: 'ABC', verified: true }],
    mediaId: undefined,
    handle: undefined,
    createdAtMs: 1,
    updatedAtMs: 2,
    ...changed,
  }
}

/**
 * What every {@link CheckpointStore} must do.
 *
 * @param create opens the store of that name; the same name again is the same store
 */
export function describeCheckpointStore(kind: string, create: (name: string) => CheckpointStore): void {
  let lastName = 0
  const freshName = (): string => `contract-${kind}-${(lastName += 1)}`

  describe(`CheckpointStore (${kind})`, () => {
    test('has nothing at first', async () => {
      const store = create(freshName())
      expect(await store.load('a')).toBeUndefined()
      expect(await store.entries()).toEqual([])
    })

    test('gives back what was saved, and the latest of two', async () => {
      const store = create(freshName())
      await store.save('a', makeCheckpoint())
      expect(await store.load('a')).toEqual(makeCheckpoint())
      await store.save('a', makeCheckpoint({ updatedAtMs: 9 }))
      expect(await store.load('a')).toEqual(makeCheckpoint({ updatedAtMs: 9 }))
    })

    test('keeps records apart, also those with odd ids', async () => {
      const store = create(freshName())
      const ids = ['', 'a', 'A', '["a",1]', '😀', 'x'.repeat(5000)]
      for (const [index, id] of ids.entries()) await store.save(id, makeCheckpoint({ updatedAtMs: index }))
      const entries = await store.entries()
      expect(new Map(entries)).toEqual(
        new Map(ids.map((id, index) => [id, makeCheckpoint({ updatedAtMs: index })])),
      )
    })

    test('removes one record and no other, and one that is not there', async () => {
      const store = create(freshName())
      await store.save('a', makeCheckpoint())
      await store.save('b', makeCheckpoint())
      await store.remove('a')
      await store.remove('a')
      expect((await store.entries()).map(([id]) => id)).toEqual(['b'])
    })

    test('loses no write when many are under way at once', async () => {
      const store = create(freshName())
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          store.save(`id-${index % 10}`, makeCheckpoint({ updatedAtMs: index })),
        ),
      )
      const times = (await store.entries()).map(([, record]) => (record as Checkpoint).updatedAtMs)
      expect(times.toSorted((a, b) => a - b)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49])
    })

    test('holds a checkpoint of 10,000 parts', async () => {
      const store = create(freshName())
      const done = Array.from({ length: 10_000 }, (_, index) => ({
        partNumber: index + 1,
        sizeBytes: 10,
        crc64: '12066172435287683848',
        etag: '3349DC700140D7F86A078484278075A9',
        verified: true,
      }))
      await store.save('large', makeCheckpoint({ done }))
      expect(await store.load('large')).toEqual(makeCheckpoint({ done }))
    })
  })
}
