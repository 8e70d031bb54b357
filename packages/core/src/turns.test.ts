import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

/** Holds the thread. */
function work(ms: number): void {
  const endsAt = performance.now() + ms
  while (performance.now() < endsAt);
}

test('everybody has a turn, in the order of asking', async () => {
  const takeTurn = createTurns()
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      await takeTurn()
      order.push(index)
    }),
  )
  expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index))
})

test('others come in between, however many turns there are', async () => {
  const takeTurn = createTurns()
  let done = 0
  const doneWhenOthersCame: number[] = []
  const watch = (): void => {
    doneWhenOthersCame.push(done)
    if (done < 40) setImmediate(watch)
  }
  setImmediate(watch)
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      await takeTurn()
      work(2)
      done += 1
    }),
  )
  // Four or five turns of 2 ms are a slice.
  const slices = doneWhenOthersCame.map((count, index) => count - (doneWhenOthersCame[index - 1] ?? 0))
  expect(Math.max(...slices)).toBeLessThanOrEqual(5)
})

test('who asks later has a turn as well', async () => {
  const takeTurn = createTurns()
  await takeTurn()
  await new Promise((resolve) => setImmediate(resolve))
  await expect(takeTurn()).resolves.toBeUndefined()
})
