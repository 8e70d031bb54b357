import { expect, test } from 'vitest'
import { coalesceWrites } from './coalesce-writes.ts'

/** Writes that end when told to. */
function createWrites(): {
  readonly write: () => Promise<void>
  readonly started: () => number
  readonly end: (error?: Error) => Promise<void>
} {
  const open: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  let started = 0
  return {
    write: () => {
      started += 1
      return new Promise((resolve, reject) => open.push({ resolve, reject }))
    },
    started: () => started,
    end: async (error) => {
      const first = open.shift()
      if (error === undefined) first?.resolve()
      else first?.reject(error)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test('coalesceWrites() makes one write of all that are asked for while another is under way', async () => {
  const writes = createWrites()
  const ask = coalesceWrites(writes.write)
  const done: string[] = []
  void ask().then(() => done.push('first'))
  void ask().then(() => done.push('second'))
  void ask().then(() => done.push('third'))
  expect(writes.started()).toBe(1)
  await writes.end()
  expect(done).toEqual(['first'])
  expect(writes.started()).toBe(2)
  await writes.end()
  expect(done).toEqual(['first', 'second', 'third'])
  void ask()
  expect(writes.started()).toBe(3)
})

test('coalesceWrites() tells of a failure whom it concerns, and goes on', async () => {
  const writes = createWrites()
  const ask = coalesceWrites(writes.write)
  const first = ask()
  const second = ask()
  const ends = Promise.allSettled([first])
  await writes.end(new Error('full'))
  expect(await ends).toEqual([{ status: 'rejected', reason: new Error('full') }])
  await writes.end()
  await expect(second).resolves.toBeUndefined()
})
