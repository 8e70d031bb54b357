import { describe, expect, test } from 'vitest'
import { readLimits, refusalOf } from './limits.ts'

const file = (name: string, size: number, type: string): { name: string; size: number; type: string } => ({
  name,
  size,
  type,
})

describe('readLimits()', () => {
  test('takes them from the query', () => {
    const limits = readLimits('http://page.example/?max-files=3&max-size=1000&accept=video/*, .MP3,image/png')
    expect(limits).toEqual({ count: 3, sizeBytes: 1000, types: ['video/*', '.mp3', 'image/png'] })
  })

  test.each(['', '?max-files=&max-size=0&accept=', '?max-files=many&max-size=-1&accept=,', '?max-files=1.5'])(
    'takes any 10,000 files that OSS takes with %j',
    (query) => {
      expect(readLimits(`http://page.example/${query}`)).toEqual({
        count: 10_000,
        sizeBytes: 53_687_091_200_000,
        types: [],
      })
    },
  )
})

describe('refusalOf()', () => {
  const limits = { count: 2, sizeBytes: 1000, types: ['video/*', '.mp3', 'image/png'] }

  test.each([
    ['a.mp4', 'video/mp4'],
    ['A.MP3', ''],
    ['a.png', 'image/PNG'],
  ])('takes %s of type %j', (name, type) => {
    expect(refusalOf(file(name, 1000, type), 1, limits)).toBeUndefined()
  })

  test.each([
    ['a.jpg', 'image/jpeg'],
    ['mp3', ''],
    ['a.mp4', ''],
    ['a.png', 'video'],
  ])('refuses %s of type %j', (name, type) => {
    expect(refusalOf(file(name, 1, type), 0, limits)).toBe('type')
  })

  test('refuses what is too large, and what is too many', () => {
    expect(refusalOf(file('a.mp3', 1001, ''), 0, limits)).toBe('size')
    expect(refusalOf(file('a.mp3', 1000, ''), 2, limits)).toBe('count')
  })

  test('takes any type where none is named', () => {
    expect(refusalOf(file('a', 1, ''), 0, { ...limits, types: [] })).toBeUndefined()
  })
})
