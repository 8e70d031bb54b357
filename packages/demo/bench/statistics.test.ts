import { expect, test } from 'vitest'
import { pairedRatios, spreadOf } from './statistics.ts'

test('the median of an odd number of values is the middle one, in any order', () => {
  expect(spreadOf([9, 1, 5])).toEqual({ median: 5, least: 1, most: 9, count: 3 })
})

test('the median of an even number of values lies between the middle two', () => {
  expect(spreadOf([4, 1, 2, 100])).toEqual({ median: 3, least: 1, most: 100, count: 4 })
})

test('nothing measured has no spread', () => {
  expect(spreadOf([])).toBeUndefined()
})

test('ratios are taken within a round, and rounds that one side lacks are left out', () => {
  const own = [
    { round: 0, value: 10 },
    { round: 1, value: 30 },
    { round: 2, value: 7 },
  ]
  const others = [
    { round: 1, value: 60 },
    { round: 0, value: 10 },
    { round: 3, value: 1 },
  ]
  expect(pairedRatios(own, others)).toEqual([1, 0.5])
})

test('there is no ratio to nothing', () => {
  expect(pairedRatios([{ round: 0, value: 1 }], [{ round: 0, value: 0 }])).toEqual([])
})
