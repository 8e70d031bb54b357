import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createClient, type ClientAnswer, type TestClient } from '../testing/client.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'

const SOURCE = '0123456789'

function etagOf(text: string): string {
  return `"${createHash('md5').update(text).digest('hex').toUpperCase()}"`
}

async function copy(
  client: TestClient,
  uploadId: string,
  headers: Readonly<Record<string, string>>,
): Promise<ClientAnswer> {
  return client.send({
    method: 'PUT',
    key: 'target',
    query: { partNumber: '1', uploadId },
    headers: { 'x-oss-copy-source': `/${BUCKET}/source%20%E4%B8%AD`, ...headers },
  })
}

async function prepared(options = {}): Promise<{ readonly client: TestClient; readonly uploadId: string }> {
  const server = await startServer(options)
  const client = createClient(server)
  await client.send({ method: 'PUT', key: 'source 中', body: SOURCE })
  return { client, uploadId: await client.initiate('target') }
}

test('UploadPartCopy makes a part of an object; without a CRC-64 Complete has none either', async () => {
  const { client, uploadId } = await prepared()
  const answer = await copy(client, uploadId, {})
  expect(answer.status).toBe(200)
  expect(answer.xml('ETag')?.replaceAll('&quot;', '"')).toBe(etagOf(SOURCE))
  expect(answer.headers).not.toHaveProperty('x-oss-hash-crc64ecma')
  expect(answer.headers).not.toHaveProperty('content-range')
  const completed = await client.complete('target', uploadId, { 1: etagOf(SOURCE) })
  expect(completed.headers).not.toHaveProperty('x-oss-hash-crc64ecma')
  expect((await client.send({ method: 'GET', key: 'target' })).text).toBe(SOURCE)
})

test('UploadPartCopy gives a CRC-64 when the server is told so', async () => {
  const { client, uploadId } = await prepared({ copiedPartsHaveCrc: true })
  const answer = await copy(client, uploadId, {})
  const completed = await client.complete('target', uploadId, { 1: etagOf(SOURCE) })
  const source = await client.send({ method: 'HEAD', key: 'source 中' })
  expect(answer.headers['x-oss-hash-crc64ecma']).toBe(source.headers['x-oss-hash-crc64ecma'])
  expect(completed.headers['x-oss-hash-crc64ecma']).toBe(source.headers['x-oss-hash-crc64ecma'])
})

describe('x-oss-copy-source-range', () => {
  test.each<[range: string, text: string, contentRange: string | undefined]>([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=8-', '89', 'bytes 8-9/10'],
    ['bytes=4-2', SOURCE, undefined],
    ['2-4', SOURCE, undefined],
  ])('%s', async (range, text, contentRange) => {
    const { client, uploadId } = await prepared()
    const answer = await copy(client, uploadId, { 'x-oss-copy-source-range': range })
    expect(answer.headers['content-range']).toBe(contentRange)
    await client.complete('target', uploadId, { 1: etagOf(text) })
    expect((await client.send({ method: 'GET', key: 'target' })).text).toBe(text)
  })
})

describe('UploadPartCopy refuses', () => {
  test.each<[headers: Record<string, string>, status: number, code: string]>([
    [{ 'x-oss-copy-source': `/${BUCKET}/none` }, 404, 'NoSuchKey'],
    [{ 'x-oss-copy-source': '/nowhere/none' }, 404, 'NoSuchBucket'],
    [{ 'x-oss-copy-source': 'rubbish' }, 400, 'InvalidArgument'],
    [{ 'x-oss-copy-source-if-match': '"other"' }, 412, 'PreconditionFailed'],
    [{ 'x-oss-copy-source-if-none-match': etagOf(SOURCE) }, 412, 'PreconditionFailed'],
    [{ 'x-oss-copy-source-range': 'bytes=10-' }, 416, 'InvalidRange'],
  ])('%j', async (headers, status, code) => {
    const { client, uploadId } = await prepared()
    const answer = await copy(client, uploadId, headers)
    expect([answer.status, answer.xml('Code')]).toEqual([status, code])
  })

  test('an upload that is not there', async () => {
    const { client } = await prepared()
    expect((await copy(client, 'NONE', {})).xml('EC')).toBe('0042-00000311')
  })

  test('an appendable source', async () => {
    const { client, uploadId } = await prepared()
    await client.send({ method: 'POST', key: 'log', query: { append: '', position: '0' }, body: 'x' })
    const answer = await copy(client, uploadId, { 'x-oss-copy-source': `/${BUCKET}/log` })
    expect(answer.xml('Code')).toBe('OperationNotSupported')
  })

  test('a source outside the scope of the token', async () => {
    const server = await startServer()
    await createClient(server).send({ method: 'PUT', key: 'source 中', body: SOURCE })
    const keys = server.issueToken({ ttlSeconds: 60, bucket: BUCKET, keys: ['target'] })
    const client = createClient({ ...server, keys })
    const answer = await copy(client, await client.initiate('target'), {})
    expect([answer.status, answer.xml('Code')]).toEqual([403, 'AccessDenied'])
  })
})
