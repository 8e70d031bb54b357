import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { createClient, sendRaw } from '../testing/client.ts'
import { listAllFiles } from '../testing/files.ts'
import { BUCKET, readLog, startServer, temporaryFolder } from '../testing/running-server.ts'

function md5Base64(body: string): string {
  return createHash('md5').update(body).digest('base64')
}

test('PutObject answers with ETag, CRC-64 and MD5, and stores a plain file', async () => {
  const server = await startServer()
  const answer = await createClient(server).send({ method: 'PUT', key: 'folder/a.txt', body: '123456789' })
  expect(answer).toMatchObject({ status: 200, text: '' })
  expect(answer.headers).toMatchObject({
    etag: '"25F9E794323B453885F5181F1B624D0B"',
    'x-oss-hash-crc64ecma': '11051210869376104954',
    'content-md5': md5Base64('123456789'),
    'content-length': '0',
    server: 'AliyunOSS',
  })
  expect(answer.headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/)
  expect(answer.headers['x-oss-server-time']).toMatch(/^\d+$/)
  expect(await readFile(join(server.dir, BUCKET, 'folder/a.txt'), 'utf8')).toBe('123456789')
})

test('PutObject stores an empty object', async () => {
  const server = await startServer()
  const answer = await createClient(server).send({ method: 'PUT', key: 'empty' })
  expect(answer.headers).toMatchObject({
    etag: '"D41D8CD98F00B204E9800998ECF8427E"',
    'x-oss-hash-crc64ecma': '0',
  })
})

describe('PutObject refuses and stores nothing', () => {
  test.each<
    [reason: string, headers: Record<string, string>, expected: [number, string, string | undefined]]
  >([
    ['a wrong Content-MD5', { 'content-md5': md5Base64('other') }, [400, 'InvalidDigest', '0017-00000503']],
    [
      'a Content-MD5 in hex',
      { 'content-md5': '900150983cd24fb0d6963f7d28e17f72' },
      [400, 'InvalidDigest', '0017-00000502'],
    ],
    ['a wrong CRC-64', { 'x-oss-hash-crc64ecma': '1' }, [400, 'InvalidCRC64', undefined]],
    ['an unknown storage class', { 'x-oss-storage-class': 'Warm' }, [400, 'InvalidArgument', undefined]],
    [
      'more than 8 KB of metadata',
      { 'x-oss-meta-a': 'x'.repeat(8200) },
      [400, 'MetadataTooLarge', undefined],
    ],
  ])('%s', async (_, headers, [status, code, ec]) => {
    const server = await startServer()
    const answer = await createClient(server).send({ method: 'PUT', key: 'a', headers, body: 'abc' })
    expect([answer.status, answer.xml('Code'), answer.xml('EC')]).toEqual([status, code, ec])
    expect(await listAllFiles(join(server.dir, BUCKET))).toEqual([])
    expect(await listAllFiles(join(server.dir, '.sluice/staging'))).toEqual([])
  })
})

test('PutObject takes the right Content-MD5 and CRC-64', async () => {
  const server = await startServer()
  const headers = { 'content-md5': md5Base64('abc'), 'x-oss-hash-crc64ecma': '3231342946509354535' }
  expect((await createClient(server).send({ method: 'PUT', key: 'a', headers, body: 'abc' })).status).toBe(
    200,
  )
})

test('PutObject leaves an existing object alone when overwriting is forbidden', async () => {
  const server = await startServer()
  const client = createClient(server)
  const headers = { 'x-oss-forbid-overwrite': 'true' }
  expect((await client.send({ method: 'PUT', key: 'a', headers, body: 'old' })).status).toBe(200)
  const answer = await client.send({ method: 'PUT', key: 'a', headers, body: 'new' })
  expect([answer.status, answer.xml('Code')]).toEqual([409, 'FileAlreadyExists'])
  expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('old')
})

describe('keys that break the rules are InvalidObjectName', () => {
  test.each<[reason: string, key: string]>([
    ['1,024 bytes', 'x'.repeat(1024)],
    ['1,026 bytes in 342 characters', '中'.repeat(342)],
    ['a leading slash', '/a'],
    ['a leading backslash', '\\a'],
  ])('%s', async (_, key) => {
    const server = await startServer()
    const answer = await createClient(server).send({ method: 'PUT', key, body: 'x' })
    expect([answer.status, answer.xml('Code')]).toEqual([400, 'InvalidObjectName'])
  })
})

describe('awkward keys are stored and read back', () => {
  test.each([
    ['x'.repeat(1023)],
    ['中'.repeat(341)],
    ['../x'],
    ['a/../../b'],
    ['a/./b'],
    ['a//b'],
    ['a/'],
    ['nul\u0000byte'],
    ['100%/already%20encoded%2Fkey'],
    ["a b+c~d*e'f(g)h!i,j;k:l@m&n=o$p?q#r[s]t.txt"],
  ])('%j', async (key) => {
    const server = await startServer()
    for (const version of ['v4', 'v1'] as const) {
      const client = createClient({ ...server, version })
      expect((await client.send({ method: 'PUT', key, body: version })).status).toBe(200)
      expect((await client.send({ method: 'GET', key })).text).toBe(version)
    }
    expect((await readLog(server.dir)).map((line) => line.key)).toEqual([key, key, key, key])
  })
})

test('a key and a key below it live side by side', async () => {
  const server = await startServer()
  const client = createClient(server)
  for (const key of ['a', 'a/b', 'a/b/', 'a/b/c']) await client.send({ method: 'PUT', key, body: key })
  for (const key of ['a', 'a/b', 'a/b/', 'a/b/c']) {
    expect((await client.send({ method: 'GET', key })).text).toBe(key)
  }
})

test('no path leads out of the data folder, however it is written', async () => {
  const outer = await temporaryFolder()
  const dir = join(outer, 'data')
  const server = await startServer({ dir, buckets: { [BUCKET]: { acl: 'public-read-write' } } })
  const piece = fc.constantFrom(
    '..',
    '.',
    '',
    '%2e%2e',
    '%2E',
    '%2f',
    '%5c',
    '%00',
    'a',
    '..%2f',
    '%252e',
    '.sluice',
    'access.jsonl',
  )
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (pieces) => {
      run += 1
      const path = `/${BUCKET}/${pieces.join('/')}`
      const body = `body of run ${run}`
      const put = await sendRaw({ url: server.url, path, method: 'PUT', body })
      expect([200, 400, 403]).toContain(put.status)
      const got = await sendRaw({ url: server.url, path, method: 'GET' })
      expect(put.status === 200 ? got.text : body).toBe(body)
    }),
    { numRuns: 200 },
  )
  const files = await listAllFiles(outer)
  expect(files.filter((file) => !/^data\/(\.sluice|test-bucket)\/|^data\/access\.jsonl$/.test(file))).toEqual(
    [],
  )
})

test('DeleteObject is 204, whether or not there is one', async () => {
  const server = await startServer()
  const client = createClient(server)
  await client.send({ method: 'PUT', key: 'a', body: 'x' })
  expect((await client.send({ method: 'DELETE', key: 'a' })).status).toBe(204)
  expect((await client.send({ method: 'DELETE', key: 'a' })).status).toBe(204)
  expect((await client.send({ method: 'GET', key: 'a' })).status).toBe(404)
})
