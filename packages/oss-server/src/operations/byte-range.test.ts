import { describe, expect, test } from 'vitest'
import { parseByteRange, type RangeResult } from './byte-range.ts'

const whole: RangeResult = { kind: 'whole' }
const unsatisfiable: RangeResult = { kind: 'unsatisfiable' }
const range = (start: number, end: number): RangeResult => ({ kind: 'range', range: { start, end } })

describe('parseByteRange() reads one range of an object of 100 bytes', () => {
  test.each<[header: string | undefined, expected: RangeResult]>([
    [undefined, whole],
    ['bytes=0-0', range(0, 1)],
    ['bytes=10-19', range(10, 20)],
    ['bytes=10-', range(10, 100)],
    ['bytes=90-200', range(90, 100)],
    ['bytes=-1', range(99, 100)],
    ['bytes=-200', range(0, 100)],
    ['bytes=-0', unsatisfiable],
    ['bytes=100-', unsatisfiable],
    ['bytes=100-200', unsatisfiable],
    ['bytes=20-10', whole],
    ['bytes=-', whole],
    ['bytes=0-1,5-6', whole],
    ['items=0-1', whole],
    ['bytes=a-b', whole],
  ])('%j', (header, expected) => {
    expect(parseByteRange(header, 100)).toEqual(expected)
  })
})

test('parseByteRange() finds nothing in an empty object', () => {
  expect(parseByteRange('bytes=0-', 0)).toEqual(unsatisfiable)
  expect(parseByteRange('bytes=-5', 0)).toEqual(unsatisfiable)
})
