import { expect, test } from 'vitest'
import { createHandOver } from './hand-over.ts'

/** Holds the thread. */
function work(ms: number): void {
  const endsAt = performance.now() + ms
  while (performance.now() < endsAt);
}

const now = (): Promise<void> => Promise.resolve()
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

test('hands all over, in the order of their coming, several at a time', async () => {
  const posted: (readonly number[])[] = []
  const handOver = createHandOver<number>({
    ready: now,
    check: () => true,
    post: async (things) => void posted.push(things),
  })
  await Promise.all(numbers(100).map(handOver))
  expect(posted.flat()).toEqual(numbers(100))
  expect(posted.length).toBeLessThan(20)
})

test('lets others come in between, however many there are', async () => {
  let done = 0
  const doneWhenOthersCame: number[] = []
  const watch = (): void => {
    doneWhenOthersCame.push(done)
    if (done < 40) setImmediate(watch)
  }
  const handOver = createHandOver<number>({
    ready: now,
    check: () => {
      work(2)
      done += 1
      return true
    },
    post: now,
  })
  setImmediate(watch)
  await Promise.all(numbers(40).map(handOver))
  const slices = doneWhenOthersCame.map((count, index) => count - (doneWhenOthersCame[index - 1] ?? 0))
  // A slice of 8 ms has room for four or five that take 2 ms.
  expect(Math.max(...slices)).toBeLessThanOrEqual(5)
})

test('hands nothing over before somebody is there, and leaves out what is not wanted any more', async () => {
  let isThere: () => void = () => undefined
  const posted: number[] = []
  const wanted = new Set([1, 2, 3])
  const handOver = createHandOver<number>({
    ready: () => new Promise((resolve) => (isThere = resolve)),
    check: (thing) => wanted.has(thing),
    post: async (things) => void posted.push(...things),
  })
  const all = Promise.all([1, 2, 3].map(handOver))
  wanted.delete(2)
  expect(posted).toEqual([])
  isThere()
  await all
  expect(posted).toEqual([1, 3])
})

test('who comes later is handed over as well', async () => {
  const posted: number[] = []
  const handOver = createHandOver<number>({
    ready: now,
    check: () => true,
    post: async (things) => void posted.push(...things),
  })
  await handOver(1)
  await new Promise((resolve) => setImmediate(resolve))
  await handOver(2)
  expect(posted).toEqual([1, 2])
})

test.each([
  ['nobody comes', { ready: () => Promise.reject(new Error('gone')), post: now }],
  ['it cannot be taken', { ready: now, post: () => Promise.reject(new Error('gone')) }],
])('fails all when %s, and tries again with the next', async (_, effects) => {
  const handOver = createHandOver<number>({ ...effects, check: () => true })
  const outcomes = await Promise.allSettled([1, 2].map(handOver))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await new Promise((resolve) => setImmediate(resolve))
  await expect(handOver(3)).rejects.toThrow('gone')
})
