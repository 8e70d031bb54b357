import { describe, expect, test } from 'vitest'
import { objectUrl, originOf } from './endpoint.ts'
import type { Destination } from './endpoint.ts'

const destination: Destination = {
  bucket: 'bucket',
  key: 'dir/file.mp4',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  style: 'virtual',
}

describe('objectUrl()', () => {
  test.each<[string, Partial<Destination>, string]>([
    ['puts the bucket into the host', {}, 'https://bucket.oss-cn-hangzhou.aliyuncs.com/dir/file.mp4'],
    ['keeps the port', { endpoint: 'http://localhost:9000' }, 'http://bucket.localhost:9000/dir/file.mp4'],
    [
      'puts the bucket into the path of an IP address',
      { endpoint: 'http://127.0.0.1:9000', style: 'path' },
      'http://127.0.0.1:9000/bucket/dir/file.mp4',
    ],
    [
      'leaves the bucket out for a bound domain',
      { endpoint: 'https://up.example.com', style: 'cname' },
      'https://up.example.com/dir/file.mp4',
    ],
  ])('%s', (_, changed, url) => {
    expect(objectUrl({ ...destination, ...changed }, {})).toBe(url)
  })

  test('writes an empty value as a bare name', () => {
    expect(objectUrl(destination, { uploads: '' })).toMatch(/\?uploads$/)
    expect(objectUrl(destination, { partNumber: '1', uploadId: 'A/B+C' })).toMatch(
      /\?partNumber=1&uploadId=A%2FB%2BC$/,
    )
  })

  test.each([
    'a b',
    'a+b',
    '100%',
    'a#b',
    'a?b',
    '😀/中文',
    "~!'()*",
    '../x',
    'a/./b',
    'a//b',
    'a/..',
    '.../b',
  ])('gives the key %j back through the URL parser of a browser', (key) => {
    const url = new URL(objectUrl({ ...destination, key }, {}))
    expect(decodeURIComponent(url.pathname.slice(1))).toBe(key)
  })
})

test('originOf() is the host that connections are counted by', () => {
  expect(originOf(destination)).toBe('https://bucket.oss-cn-hangzhou.aliyuncs.com')
  expect(originOf({ ...destination, endpoint: 'http://127.0.0.1:9000', style: 'path' })).toBe(
    'http://127.0.0.1:9000',
  )
})
