import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatSpeed } from './format.ts'

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1000, '1 kB'],
  [12_345_678, '12.3 MB'],
  [5e9, '5 GB'],
  [3e15, '3,000 TB'],
])('formatBytes(%d) is %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words)
})

test('formatSpeed() adds the second', () => {
  expect(formatSpeed(48_200_000)).toBe('48.2 MB/s')
})

test.each([
  [0, '1 s'],
  [1, '1 s'],
  [59_000, '59 s'],
  [59_001, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [12_000_000, '3 h 20 min'],
])('formatDuration(%d ms) is %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words)
})
