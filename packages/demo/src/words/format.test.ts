import { describe, expect, test } from 'vitest'
import { createFormat } from './format.ts'

const format = createFormat('en')
const chinese = createFormat('zh')

describe('createFormat()', () => {
  test.each([
    [0, '0 byte'],
    [999, '999 byte'],
    [1000, '1 kB'],
    [12_345_678, '12.3 MB'],
    [5e9, '5 GB'],
    [3e15, '3,000 TB'],
  ])('says %d bytes as %s', (bytes, words) => {
    expect(format.bytes(bytes)).toBe(words)
  })

  test('says a speed with its second', () => {
    expect(format.speed(48_200_000)).toBe('48.2 MB/s')
    expect(chinese.speed(48_200_000)).toBe('48.2 MB/秒')
  })

  test.each([
    [0, '1 sec', '1秒'],
    [1, '1 sec', '1秒'],
    [59_000, '59 sec', '59秒'],
    [59_001, '1 min 0 sec', '1分钟 0秒'],
    [125_000, '2 min 5 sec', '2分钟 5秒'],
    [12_000_000, '3 hr 20 min', '3小时 20分钟'],
  ])('says %d ms as %s, and as %s', (ms, words, chineseWords) => {
    expect(format.duration(ms)).toBe(words)
    expect(chinese.duration(ms)).toBe(chineseWords)
  })
})
