import { expect, test } from 'vitest'
import { recognize } from './recognize.ts'

test.each([
  ['same', {}],
  ['other-name', { name: 'b.mp4', size: 1 }],
  ['other-size', { size: 11, lastModified: 6 }],
  ['other-time', { lastModified: 6 }],
])('recognize() tells %s by %j', (recognition, difference) => {
  const file = { name: 'a.mp4', size: 10, lastModified: 5, ...difference }
  expect(recognize({ name: 'a.mp4', sizeBytes: 10, lastModifiedMs: 5 }, file)).toBe(recognition)
})
