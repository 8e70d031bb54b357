import { describe, expect, test } from 'vitest'
import { readObjectHeaders } from './object-options.ts'
import type { CallbackOptions, ObjectOptions } from './object-options.ts'

const decode = (base64: string | undefined): unknown =>
  JSON.parse(Buffer.from(base64 ?? '', 'base64').toString('utf8'))

describe('readObjectHeaders()', () => {
  test('writes each option as its header', () => {
    const options: Required<ObjectOptions> = {
      acl: 'public-read',
      storageClass: 'IA',
      tags: { owner: 'a b', 中: '/' },
      metadata: { Author: 'me', 'x-1': '2' },
      contentDisposition: 'attachment; filename="a.mp4"',
      contentEncoding: 'gzip',
      contentLanguage: 'zh',
      cacheControl: 'no-cache',
      expires: new Date('2026-01-01T00:00:00Z'),
      forbidOverwrite: true,
      headers: { 'X-Oss-Server-Side-Encryption': 'AES256' },
    }
    expect(readObjectHeaders('video/mp4', options)).toEqual({
      'content-type': 'video/mp4',
      'x-oss-object-acl': 'public-read',
      'x-oss-storage-class': 'IA',
      'x-oss-tagging': 'owner=a%20b&%E4%B8%AD=%2F',
      'x-oss-meta-author': 'me',
      'x-oss-meta-x-1': '2',
      'content-disposition': 'attachment; filename="a.mp4"',
      'content-encoding': 'gzip',
      'content-language': 'zh',
      'cache-control': 'no-cache',
      expires: 'Thu, 01 Jan 2026 00:00:00 GMT',
      'x-oss-forbid-overwrite': 'true',
      'x-oss-server-side-encryption': 'AES256',
    })
  })

  test('leaves out what says nothing', () => {
    expect(readObjectHeaders('video/mp4', { forbidOverwrite: false, metadata: {} })).toEqual(
      readObjectHeaders('video/mp4'),
    )
  })

  test('writes a callback as Base64 of JSON', () => {
    const headers = readObjectHeaders('video/mp4', undefined, {
      url: ['https://a.com/done', 'https://b.com/done'],
      host: 'c.com',
      body: '{"key":${object},"user":${x:user}}',
      bodyType: 'application/json',
      variables: { user: '中' },
    })
    expect(decode(headers['x-oss-callback'])).toEqual({
      callbackUrl: 'https://a.com/done;https://b.com/done',
      callbackHost: 'c.com',
      callbackBody: '{"key":${object},"user":${x:user}}',
      callbackBodyType: 'application/json',
    })
    expect(decode(headers['x-oss-callback-var'])).toEqual({ 'x:user': '中' })
  })

  /** As a page in JavaScript may write them. */
  const untyped = (options: unknown): never => options as never

  test.each<[what: string, object: ObjectOptions, words: string]>([
    ['null', untyped(null), 'object must be an object, got null'],
    ['metadata that is none', { metadata: untyped(null) }, 'metadata must be an object, got null'],
    ['metadata that is no text', { metadata: { a: untyped(1) } }, 'x-oss-meta-a must be printable ASCII'],
    ['tags that are a list', { tags: untyped(['a']) }, 'tags must be an object'],
    ['a tag that is no text', { tags: { a: untyped(5) } }, 'tags must be keys of 1 to 128'],
    ['a tag that is no Unicode', { tags: { a: '\ud800' } }, 'tags must be keys of 1 to 128'],
    ['a date that is a text', { expires: untyped('2030') }, 'expires must be a date, got "2030"'],
    ['"true"', { forbidOverwrite: untyped('true') }, 'forbidOverwrite must be true or false, got "true"'],
    ['headers that are a list', { headers: untyped(['a']) }, 'headers must be an object'],
    ['a header with a blank', { headers: { 'a b': 'x' } }, 'headers must be names that HTTP has, got "a b"'],
    ['a name of metadata with a blank', { metadata: { 'a b': '' } }, 'metadata must be names of letters'],
    ['a value that no header can hold', { metadata: { a: '中' } }, 'x-oss-meta-a must be printable ASCII'],
    ['more than 8 KiB of metadata', { metadata: { a: 'x'.repeat(8192) } }, 'at most 8 KiB'],
    [
      'eleven tags',
      { tags: Object.fromEntries('abcdefghijk'.split('').map((key) => [key, ''])) },
      'at most 10',
    ],
    ['a tag without a key', { tags: { '': 'x' } }, 'tags must be keys of 1 to 128'],
    ['a date that is none', { expires: new Date(NaN) }, 'expires must be a date'],
    ['a line break', { contentDisposition: 'a\nb' }, 'content-disposition must be printable ASCII'],
    ['a header of the signature', { headers: { Authorization: 'x' } }, 'requests have of their own'],
    ['a header of the request', { headers: { 'x-oss-date': 'x' } }, 'requests have of their own'],
  ])('refuses %s', (_, object, words) => {
    expect(() => readObjectHeaders('video/mp4', object)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(words) }),
    )
  })

  test.each([null, 'https://a.com'])('refuses %j for a callback', (callback) => {
    expect(() => readObjectHeaders('', undefined, untyped(callback))).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('callback must be'),
      }),
    )
  })

  test.each<[what: string, callback: Partial<CallbackOptions>, words: string]>([
    ['no URL', { url: [] }, 'callback.url must be one to five'],
    ['six URLs', { url: Array.from({ length: 6 }, () => 'https://a.com') }, 'one to five'],
    ['a path', { url: '/done' }, 'absolute URLs'],
    ['a URL that is none', { url: untyped(undefined) }, 'callback.url must be one to five'],
    ['a body that is no text', { body: untyped(5) }, 'callback.body must be a text, got 5'],
    ['a host that is no text', { host: untyped(5) }, 'callback.host must be a text'],
    ['another body type', { bodyType: untyped('json') }, 'callback.bodyType must be application/'],
    ['a variable that is no text', { variables: { a: untyped(5) } }, 'callback.variables.a must be a text'],
    ['no body', { body: '' }, 'callback.body must be'],
    ['more than 5 KiB', { body: 'x'.repeat(4000) }, 'callback must be at most 5120 bytes'],
    ['a variable in upper case', { variables: { User: 'x' } }, 'names in lower case'],
  ])('refuses a callback with %s', (_, callback, words) => {
    expect(() =>
      readObjectHeaders('video/mp4', undefined, { url: 'https://a.com', body: 'a', ...callback }),
    ).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(words) }))
  })
})
