import { expect, test } from 'vitest'
import { choosePace, restOfTurnMs, trafficLimitOf } from './pace.ts'

const KIB = 1024

test.each([
  [undefined, Infinity, undefined, undefined],
  [100 * KIB, 1, 100 * KIB, '819200'],
  [512 * KIB, 1, 512 * KIB, '4194304'],
  [1024 * KIB, 2, 512 * KIB, '4194304'],
  [6000 * KIB, 6, 1000 * KIB, '8192000'],
  [60_000 * KIB, 6, 10_000 * KIB, '81920000'],
  [6_000_000 * KIB, 6, 1_000_000 * KIB, undefined],
])('choosePace() of %s bytes/s: %i bodies of %s bytes/s, header %s', (max, bodies, each, header) => {
  const pace = choosePace(max, 6)
  expect(pace).toEqual({ bodiesAtATime: bodies, bytesPerSecondEach: each })
  expect(trafficLimitOf(pace)).toBe(header)
})

test('a body that was faster than its pace keeps its turn, a slower one does not', () => {
  const pace = choosePace(100 * KIB, 6)
  expect(restOfTurnMs(pace, 200 * KIB, 500)).toBe(1500)
  expect(restOfTurnMs(pace, 200 * KIB, 3000)).toBe(0)
  expect(restOfTurnMs(choosePace(undefined, 6), 200 * KIB, 1)).toBe(0)
})
