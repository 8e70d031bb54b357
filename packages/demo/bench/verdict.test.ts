import { describe, expect, test } from 'vitest'
import { differenceOf, judge, mayBeEqual } from './verdict.ts'

const spread = (least: number, most: number, count = 3) => ({
  median: (least + most) / 2,
  least,
  most,
  count,
})

describe('a target is', () => {
  test.each([
    ['held when even the least reaches it', spread(0.92, 0.99), 'held'],
    ['not held when not even the most reaches it', spread(0.8, 0.91), 'not held'],
    ['within noise when it lies between', spread(0.9, 0.95), 'within noise'],
    ['within noise after a single round', spread(0.99, 0.99, 1), 'within noise'],
    ['not measured without a measurement', undefined, 'not measured'],
  ] as const)('%s (at least)', (_words, measured, verdict) => {
    expect(judge(measured, { kind: 'at least', value: 0.92 })).toBe(verdict)
  })

  test.each([
    ['held when even the most stays below', spread(10, 16), 'held'],
    ['not held when not even the least does', spread(17, 20), 'not held'],
    ['within noise when it lies between', spread(10, 20), 'within noise'],
  ] as const)('%s (at most)', (_words, measured, verdict) => {
    expect(judge(measured, { kind: 'at most', value: 16 })).toBe(verdict)
  })
})

describe('a ratio to another contender shows', () => {
  test.each([
    ['more when all rounds are above 1', spread(1.01, 2), 'more'],
    ['less when all rounds are below 1', spread(0.5, 0.99), 'less'],
    ['nothing when 1 lies between', spread(0.9, 1.1), 'within noise'],
    ['nothing after a single round', spread(2, 2, 1), 'within noise'],
  ] as const)('%s', (_words, measured, difference) => {
    expect(differenceOf(measured)).toBe(difference)
  })
})

test('two things may be equal when their ranges meet', () => {
  expect(mayBeEqual(spread(1, 3), spread(3, 5))).toBe(true)
  expect(mayBeEqual(spread(1, 3), spread(3.1, 5))).toBe(false)
})
