import { createHash } from 'node:crypto'
import { rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createClient, sendRaw } from '../testing/client.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'

function md5Base64(body: string): string {
  return createHash('md5').update(body).digest('base64')
}

test('HeadObject tells what PutObject was told', async () => {
  const server = await startServer({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) })
  const client = createClient({ ...server, now: () => Date.UTC(2026, 0, 2, 3, 4, 5) })
  const headers = {
    'content-type': 'video/mp4',
    'cache-control': 'no-cache',
    'content-disposition': 'attachment; filename=a',
    'x-oss-meta-author': 'alice',
    'x-oss-storage-class': 'IA',
  }
  await client.send({ method: 'PUT', key: 'a', headers, body: 'abc' })
  const answer = await client.send({ method: 'HEAD', key: 'a' })
  expect(answer.status).toBe(200)
  expect(answer.headers).toMatchObject({
    ...headers,
    'content-length': '3',
    'content-md5': md5Base64('abc'),
    'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT',
    'x-oss-object-type': 'Normal',
    'x-oss-hash-crc64ecma': '3231342946509354535',
  })
})

test('HeadObject with objectMeta tells less', async () => {
  const server = await startServer()
  const client = createClient(server)
  await client.send({ method: 'PUT', key: 'a', body: 'abc' })
  const answer = await client.send({ method: 'HEAD', key: 'a', query: { objectMeta: '' } })
  expect(answer.headers).toMatchObject({ 'content-length': '3', etag: '"900150983CD24FB0D6963F7D28E17F72"' })
  expect(answer.headers).not.toHaveProperty('x-oss-object-type')
})

describe('GetObject', () => {
  test.each<[reason: string, headers: Record<string, string>, status: number, text: string, range?: string]>([
    ['the whole', {}, 200, '0123456789'],
    ['a range', { range: 'bytes=2-4' }, 206, '234', 'bytes 2-4/10'],
    ['the end', { range: 'bytes=-3' }, 206, '789', 'bytes 7-9/10'],
    ['a range that makes no sense', { range: 'bytes=4-2' }, 200, '0123456789'],
    ['a range behind the end', { range: 'bytes=10-' }, 200, '0123456789'],
  ])('gives %s', async (_, headers, status, text, range) => {
    const server = await startServer()
    const client = createClient(server)
    const stored = await client.send({ method: 'PUT', key: 'a', body: '0123456789' })
    const answer = await client.send({ method: 'GET', key: 'a', headers })
    expect(answer).toMatchObject({ status, text })
    expect(answer.headers['content-range']).toBe(range)
    expect(answer.headers['content-length']).toBe(String(text.length))
    // Of the whole object, also for a range.
    expect(answer.headers['x-oss-hash-crc64ecma']).toBe(stored.headers['x-oss-hash-crc64ecma'])
  })

  test('refuses a range behind the end when told to be strict', async () => {
    const server = await startServer()
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a', body: '0123456789' })
    const headers = { range: 'bytes=10-', 'x-oss-range-behavior': 'standard' }
    const answer = await client.send({ method: 'GET', key: 'a', headers })
    expect([answer.status, answer.xml('Code')]).toEqual([416, 'InvalidRange'])
  })

  test('overrides response headers for a signed request', async () => {
    const server = await startServer()
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a', body: 'x' })
    const query = { 'response-content-type': 'text/html', 'response-content-disposition': 'inline' }
    const answer = await client.send({ method: 'GET', key: 'a', query })
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html', 'content-disposition': 'inline' })
  })

  test('overrides nothing for anybody else', async () => {
    const server = await startServer({ buckets: { [BUCKET]: { acl: 'public-read' } } })
    await createClient(server).send({
      method: 'PUT',
      key: 'a',
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    })
    const path = `/${BUCKET}/a?response-content-type=text%2Fhtml`
    const answer = await sendRaw({ url: server.url, path, method: 'GET' })
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/plain'])
  })

  test('gives an empty object', async () => {
    const server = await startServer()
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a' })
    expect(await client.send({ method: 'GET', key: 'a' })).toMatchObject({ status: 200, text: '' })
  })

  test('cuts the connection when the file was made shorter by hand', async () => {
    const server = await startServer()
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a', body: '0123456789' })
    await truncate(join(server.dir, BUCKET, 'a'), 4)
    await expect(client.send({ method: 'GET', key: 'a' })).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  test('does not find an object whose file was removed by hand', async () => {
    const server = await startServer()
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a', body: 'x' })
    await rm(join(server.dir, BUCKET, 'a'))
    expect((await client.send({ method: 'GET', key: 'a' })).xml('Code')).toBe('NoSuchKey')
    expect((await client.send({ method: 'HEAD', key: 'a' })).status).toBe(404)
  })
})

describe('conditions of a read', () => {
  const future = 'Fri, 01 Jan 2100 00:00:00 GMT'
  const past = 'Sat, 01 Jan 2000 00:00:00 GMT'
  test.each<[headers: Record<string, string>, status: number]>([
    [{ 'if-match': '"900150983CD24FB0D6963F7D28E17F72"' }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-none-match': '"900150983cd24fb0d6963f7d28e17f72"' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': future }, 304],
    [{ 'if-modified-since': past }, 200],
    [{ 'if-unmodified-since': past }, 412],
    [{ 'if-unmodified-since': future }, 200],
  ])('%j gives %i', async (headers, status) => {
    const server = await startServer()
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a', body: 'abc' })
    expect((await client.send({ method: 'GET', key: 'a', headers })).status).toBe(status)
    expect((await client.send({ method: 'HEAD', key: 'a', headers })).status).toBe(status)
  })
})

test('a HEAD that fails says why in headers', async () => {
  const server = await startServer()
  const answer = await createClient(server).send({ method: 'HEAD', key: 'none' })
  expect([answer.status, answer.text, answer.headers['x-oss-ec']]).toEqual([404, '', '0026-00000001'])
  const xml = Buffer.from(String(answer.headers['x-oss-err']), 'base64').toString('utf8')
  expect(xml).toContain('<Code>NoSuchKey</Code>')
  expect(xml).toContain('<Key>none</Key>')
})
