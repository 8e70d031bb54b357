import { describe, expect, test } from 'vitest'
import { english } from '../words/english.ts'
import { createFormat } from '../words/format.ts'
import { limitsInWords, noticeOf } from './notice.ts'
import type { Addition } from './notice.ts'

const LIMITS = { count: 1000, sizeBytes: 5_000_000, types: ['video/*', '.mp3'] }
const format = createFormat('en')
const say = (addition: Partial<Addition>): string =>
  noticeOf({ found: 1, unreadable: [], refusals: [], ...addition }, LIMITS, english, format)

describe('noticeOf()', () => {
  test('has nothing to say when all was added', () => {
    expect(say({})).toBe('')
  })

  test('says so when there was no file', () => {
    expect(say({ found: 0 })).toBe('There was no file in it.')
  })

  test('names what was not added, a line for each reason', () => {
    const words = say({
      unreadable: ['gone.mp4'],
      refusals: [
        { path: 'a.txt', reason: 'type' },
        { path: 'b.mp4', reason: 'size' },
        { path: 'c.txt', reason: 'type' },
        { path: 'd.mp4', reason: 'count' },
      ],
    })
    expect(words.split('\n')).toEqual([
      'Cannot be read: gone.mp4',
      'Not added, since the list takes 1,000 files at most: d.mp4',
      'Not added, since a file may have 5 MB at most: b.mp4',
      'Not added, since only video/*, .mp3 are taken: a.txt, c.txt',
    ])
  })

  test('names three files of many, and counts the rest', () => {
    const refusals = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, reason: 'size' }) as const)
    expect(say({ refusals })).toContain('a, b, c, and 2 more')
  })
})

test('limitsInWords() says what is taken', () => {
  expect(limitsInWords(LIMITS, english, format)).toBe('Up to 1,000 files of up to 5 MB each, video/*, .mp3')
  expect(limitsInWords({ ...LIMITS, types: [] }, english, format)).toContain('any type')
})
