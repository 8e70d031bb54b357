import { relative, sep } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFileSafeKey } from './file-safe-key.ts'
import { createLayout } from './layout.ts'

describe('isFileSafeKey() keeps keys out of the file system that it would change or misplace', () => {
  test.each<[reason: string, key: string, expected: boolean]>([
    ['a name', 'a.txt', true],
    ['folders', 'a/b/c', true],
    ['blanks and UTF-8', 'ü b/中 文.mp4', true],
    ['punctuation', `a:*?"<>|'&b`, true],
    ['dots within a name', '..a/b..', true],
    ['a segment of 255 bytes', 'x'.repeat(255), true],
    ['a segment of 256 bytes', 'x'.repeat(256), false],
    ['a segment of 86 characters of 3 bytes', '中'.repeat(86), false],
    ['nothing', '', false],
    ['up', '../x', false],
    ['up within', 'a/../b', false],
    ['here', 'a/./b', false],
    ['a double slash', 'a//b', false],
    ['a leading slash', '/a', false],
    ['a trailing slash', 'a/', false],
    ['a NUL', 'a\u0000b', false],
    ['a line feed', 'a\nb', false],
  ])('%s', (_, key, expected) => {
    expect(isFileSafeKey(key, 'linux')).toBe(expected)
  })

  test.each(['a:b', 'a\\b', 'a.', 'a /b', 'a?'])('%j, on Windows', (key) => {
    expect(isFileSafeKey(key, 'win32')).toBe(false)
  })
})

test('a file-safe key is below the folder of its bucket, for any key', () => {
  const layout = createLayout('/data')
  const segment = fc.oneof(
    fc.constantFrom('.', '..', '', 'a', '...', '\u0000', '\\'),
    fc.string({ unit: 'binary' }),
  )
  const key = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('/'))
  fc.assert(
    fc.property(key, (text) => {
      fc.pre(isFileSafeKey(text, 'linux'))
      const below = relative(layout.bucketDir('bucket'), layout.plainFile('bucket', text))
      expect(below).toBe(text.split('/').join(sep))
      expect(below).not.toMatch(/^\.\.(\/|$)/)
    }),
    { numRuns: 1000 },
  )
})

test('an internal file is in the folder of its bucket, for any key', () => {
  const layout = createLayout('/data')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (key) => {
      expect(relative(layout.recordsDir('bucket'), layout.internalFile('bucket', key))).toMatch(
        /^[0-9a-f]{64}\.data$/,
      )
    }),
  )
})
