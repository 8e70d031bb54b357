import { describe, expect, test } from 'vitest'
import { parseTarget } from './target.ts'

const cnames = new Map([['media.example.com', 'bound']])

describe('parseTarget() finds bucket and key', () => {
  test.each<
    [reason: string, target: string, host: string, bucket: string | undefined, key: string | undefined]
  >([
    ['path style on an IP', '/bucket/a/b', '127.0.0.1:9000', 'bucket', 'a/b'],
    ['path style on IPv6', '/bucket/a', '[::1]:9000', 'bucket', 'a'],
    ['path style on localhost', '/bucket/a', 'localhost', 'bucket', 'a'],
    ['path style on a name without dot', '/bucket/a', 'oss:9000', 'bucket', 'a'],
    ['path style, bucket only', '/bucket', '127.0.0.1', 'bucket', undefined],
    ['path style, bucket and slash', '/bucket/', '127.0.0.1', 'bucket', undefined],
    ['path style, service', '/', '127.0.0.1', undefined, undefined],
    ['virtual host', '/a/b', 'bucket.localhost:9000', 'bucket', 'a/b'],
    ['virtual host, a key with a leading slash', '//a', 'bucket.localhost', 'bucket', '/a'],
    ['virtual host of the real service', '/a', 'bucket.oss-cn-hangzhou.aliyuncs.com', 'bucket', 'a'],
    ['virtual host, bucket itself', '/', 'bucket.localhost', 'bucket', undefined],
    ['virtual host in capitals', '/a', 'BUCKET.LOCALHOST', 'bucket', 'a'],
    ['bound host', '/a', 'Media.Example.com:80', 'bound', 'a'],
    ['no host', '/bucket/a', '', 'bucket', 'a'],
    ['absolute form', 'http://bucket.localhost/a?x', '127.0.0.1', 'bucket', 'a'],
    ['slashes of the key as %2F', '/bucket/a%2F..%2Fb', '127.0.0.1', 'bucket', 'a/../b'],
    ['all slashes as %2F', '/bucket%2Fa', '127.0.0.1', 'bucket', 'a'],
    ['dot segments', '/bucket/../a/./b', '127.0.0.1', 'bucket', '../a/./b'],
    ['double slashes', '/bucket//a//b/', '127.0.0.1', 'bucket', '/a//b/'],
    ['a bare +', '/bucket/a+b', '127.0.0.1', 'bucket', 'a+b'],
    [
      'UTF-8 without escapes',
      Buffer.from('/bucket/中', 'utf8').toString('latin1'),
      '127.0.0.1',
      'bucket',
      '中',
    ],
  ])('%s', (_, target, host, bucket, key) => {
    expect(parseTarget(target, host, cnames)).toMatchObject({ kind: 'target', target: { bucket, key } })
  })
})

test('parseTarget() decodes the query, + as a blank', () => {
  expect(parseTarget('/b/k?uploads&a=1%2B+2&%7C=&a=', 'localhost', cnames)).toMatchObject({
    target: {
      query: [
        ['uploads', ''],
        ['a', '1+ 2'],
        ['|', ''],
        ['a', ''],
      ],
    },
  })
})

test.each([
  ['/b/%zz', 'path'],
  ['/b/%ff', 'path'],
  ['/b/k?a=%zz', 'query'],
])('parseTarget() tells that %s cannot be decoded', (target, part) => {
  expect(parseTarget(target, 'localhost', cnames)).toMatchObject({ kind: 'undecodable', part })
})
