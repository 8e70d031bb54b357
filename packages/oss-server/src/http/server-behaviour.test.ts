import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { completeXml, createClient, sendRaw } from '../testing/client.ts'
import { listAllFiles } from '../testing/files.ts'
import { openSocket } from '../testing/raw-socket.ts'
import { BUCKET, readLog, startServer } from '../testing/running-server.ts'
import type { OssServer } from '../server.ts'

/** Request line and Host header of a presigned PUT. */
function putHead(server: OssServer, key = 'a'): string {
  const url = new URL(createClient(server).presign({ method: 'PUT', key }, 600))
  return `PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n`
}

describe('bodies that cannot be taken', () => {
  test('larger than the limit: refused before a byte of it is taken', async () => {
    const server = await startServer()
    const socket = await openSocket(server.url)
    socket.write(`${putHead(server)}Content-Length: ${5 * 1024 ** 3 + 1}\r\nExpect: 100-continue\r\n\r\n`)
    const { text } = await socket.received
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text).toContain('<Code>EntityTooLarge</Code>')
    expect(text).toContain('Connection: close')
  })

  test('a part larger than the limit', async () => {
    const server = await startServer({ maxPartBytes: 10 })
    const client = createClient(server)
    const uploadId = await client.initiate('a')
    expect((await client.putPart('a', uploadId, 1, 'x'.repeat(11))).xml('Code')).toBe('EntityTooLarge')
    expect((await client.putPart('a', uploadId, 1, 'x'.repeat(10))).status).toBe(200)
  })

  test('a Complete list of more than 2 MiB', async () => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await client.initiate('a')
    const body = 'x'.repeat(2 * 1024 * 1024 + 1)
    const answer = await client.send({ method: 'POST', key: 'a', query: { uploadId }, body })
    expect(answer.xml('Code')).toBe('EntityTooLarge')
  })

  test('chunked, without a length: 411', async () => {
    const server = await startServer()
    const socket = await openSocket(server.url)
    socket.write(`${putHead(server)}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`)
    await socket.until('</Error>')
    socket.end()
    const { text } = await socket.received
    expect(text).toMatch(/^HTTP\/1\.1 411 /)
    expect(text).toContain('<Code>MissingContentLength</Code>')
  })

  test('without any length: 411', async () => {
    const server = await startServer()
    const socket = await openSocket(server.url)
    socket.write(`${putHead(server)}Connection: close\r\n\r\n`)
    expect((await socket.received).text).toContain('<Code>MissingContentLength</Code>')
  })

  test('cut off by a client that still listens: 400 IncompleteBody, nothing stored', async () => {
    const server = await startServer()
    const socket = await openSocket(server.url)
    socket.write(`${putHead(server)}Content-Length: 10\r\n\r\nabc`)
    socket.end()
    const { text } = await socket.received
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text).toContain('<Code>IncompleteBody</Code>')
    expect(await listAllFiles(join(server.dir, BUCKET))).toEqual([])
    expect(await listAllFiles(join(server.dir, '.sluice/staging'))).toEqual([])
  })

  test('cut off by a client that is gone: logged, nothing stored', async () => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await client.initiate('a')
    const url = new URL(
      client.presign({ method: 'PUT', key: 'a', query: { partNumber: '1', uploadId } }, 600),
    )
    const socket = await openSocket(server.url)
    socket.write(
      `PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 10\r\n\r\nabc`,
    )
    while (server.openConnections.current < 2) await new Promise(setImmediate)
    socket.reset()
    while (server.openConnections.current > 1) await new Promise(setImmediate)
    await server.close()
    expect((await readLog(server.dir)).at(-1)).toMatchObject({
      op: 'UploadPart',
      uploadId,
      partNumber: 1,
      status: 400,
      code: 'IncompleteBody',
      bytesIn: 3,
      aborted: true,
    })
    expect(server.listUploads(BUCKET).map(({ parts }) => parts.size)).toEqual([0])
  })

  test('stalled: 400 RequestTimeout, nothing stored', async () => {
    const server = await startServer({ bodyIdleTimeoutMs: 20 })
    const socket = await openSocket(server.url)
    socket.write(`${putHead(server)}Content-Length: 10\r\n\r\nabc`)
    const { text } = await socket.received
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text).toContain('<Code>RequestTimeout</Code>')
    expect(text).toContain('Connection: close')
    expect(await listAllFiles(join(server.dir, BUCKET))).toEqual([])
  })
})

describe('Expect: 100-continue', () => {
  test('is answered before the body is taken', async () => {
    const server = await startServer()
    const socket = await openSocket(server.url)
    socket.write(`${putHead(server)}Content-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`)
    await socket.until('100 Continue')
    socket.write('abc')
    expect((await socket.received).text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
    expect(await readFile(join(server.dir, BUCKET, 'a'), 'utf8')).toBe('abc')
  })

  test('is not answered when the request is refused', async () => {
    const server = await startServer()
    const socket = await openSocket(server.url)
    const path = `/${BUCKET}/a`
    socket.write(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n`)
    const { text } = await socket.received
    expect(text).toMatch(/^HTTP\/1\.1 403 /)
    expect(text).not.toContain('100 Continue')
  })
})

describe('an error before the body was read', () => {
  test('is seen by a client that sends all of a small body first, and the connection goes on', async () => {
    const server = await startServer()
    const client = createClient({ ...server, keys: { accessKeyId: 'nobody', accessKeySecret: 'x' } })
    const body = 'x'.repeat(8 * 1024 * 1024)
    for (let round = 0; round < 3; round += 1) {
      const answer = await client.send({ method: 'PUT', key: 'a', body })
      expect([answer.status, answer.xml('Code')]).toEqual([403, 'InvalidAccessKeyId'])
    }
    // The answers come early; what is left of the bodies is still taken.
    let lines = await readLog(server.dir)
    while (lines.length < 3) lines = await readLog(server.dir)
    expect(lines.map(({ bytesIn, aborted }) => [bytesIn, aborted])).toEqual(
      lines.map(() => [body.length, false]),
    )
  })

  test('is seen by a client that sends a large body, and the connection ends without a reset', async () => {
    const server = await startServer()
    const socket = await openSocket(server.url)
    const sizeBytes = 20 * 1024 * 1024
    socket.write(`PUT /${BUCKET}/a HTTP/1.1\r\nHost: x\r\nContent-Length: ${sizeBytes}\r\n\r\n`)
    socket.write('x'.repeat(sizeBytes))
    const { text, isReset } = await socket.received
    expect(text).toMatch(/^HTTP\/1\.1 403 /)
    expect(text).toContain('Connection: close')
    expect(isReset).toBe(false)
  })
})

test('keep-alive: requests one after the other use one connection', async () => {
  const server = await startServer()
  const client = createClient(server)
  for (let round = 0; round < 5; round += 1) await client.send({ method: 'PUT', key: 'a', body: 'x' })
  expect(server.openConnections).toEqual({ current: 1, peak: 1 })
})

test('openConnections counts connections that carried a request, and its peak can be reset', async () => {
  const server = await startServer()
  await openSocket(server.url)
  const client = createClient(server)
  await Promise.all([1, 2, 3].map((number) => client.send({ method: 'PUT', key: `a${number}`, body: 'x' })))
  expect(server.openConnections.peak).toBe(3)
  server.resetPeakConnections()
  expect(server.openConnections.peak).toBe(server.openConnections.current)
})

test('rubbish on the line is answered 400 and does not harm others', async () => {
  const server = await startServer()
  const socket = await openSocket(server.url)
  socket.write('RUBBISH\r\n\r\n')
  expect((await socket.received).text).toMatch(/^HTTP\/1\.1 400 Bad Request/)
  expect((await createClient(server).send({ method: 'PUT', key: 'a', body: 'x' })).status).toBe(200)
})

describe('addresses', () => {
  test('a virtual host finds the same object as the path', async () => {
    const server = await startServer()
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a/b', body: 'x' })
    const url = new URL(client.presign({ method: 'GET', key: 'a/b' }, 600))
    const answer = await sendRaw({
      url: server.url,
      path: `/a/b${url.search}`,
      method: 'GET',
      headers: { host: `${BUCKET}.localhost:${server.port}` },
    })
    expect([answer.status, answer.text]).toEqual([200, 'x'])
  })

  test('a bound host finds its bucket', async () => {
    const server = await startServer({ cnames: { 'media.example.com': BUCKET } })
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a', body: 'x' })
    const url = new URL(client.presign({ method: 'GET', key: 'a' }, 600))
    const headers = { host: 'media.example.com' }
    const answer = await sendRaw({ url: server.url, path: `/a${url.search}`, method: 'GET', headers })
    expect(answer.text).toBe('x')
  })

  test.each([
    ['/nowhere/a', 404, 'NoSuchBucket'],
    ['/No_Bucket/a', 400, 'InvalidBucketName'],
    [`/${BUCKET}/%ff`, 400, 'InvalidObjectName'],
    [`/${BUCKET}/a?b=%zz`, 400, 'InvalidArgument'],
    [`/${BUCKET}/a`, 403, 'AccessDenied'],
  ])('%s without credentials is %i %s', async (path, status, code) => {
    const server = await startServer()
    const answer = await sendRaw({ url: server.url, path, method: 'GET' })
    expect([answer.status, answer.xml('Code')]).toEqual([status, code])
    expect(answer.xml('RequestId')).toBe(answer.headers['x-oss-request-id'])
    expect(answer.xml('EC')).toBe(answer.headers['x-oss-ec'])
  })

  test('an error has no detail code when the server is told so', async () => {
    const server = await startServer({ detailCodes: false })
    const answer = await sendRaw({ url: server.url, path: '/nowhere/a', method: 'GET' })
    expect([answer.xml('Code'), answer.xml('EC'), answer.headers['x-oss-ec']]).toEqual([
      'NoSuchBucket',
      undefined,
      undefined,
    ])
  })
})

describe('x-oss-traffic-limit', () => {
  test.each([
    [{ headers: { 'x-oss-traffic-limit': '819199' } }],
    [{ headers: { 'x-oss-traffic-limit': '838860801' } }],
    [{ headers: { 'x-oss-traffic-limit': 'fast' } }],
    [{ headers: { 'x-oss-traffic-limit': '819200' }, query: { 'x-oss-traffic-limit': '819200' } }],
  ])('%j is refused', async (where) => {
    const server = await startServer()
    const answer = await createClient(server).send({ method: 'PUT', key: 'a', body: 'x', ...where })
    expect([answer.status, answer.xml('Code')]).toEqual([400, 'InvalidArgument'])
  })

  test('is looked at after the signature', async () => {
    const server = await startServer()
    const client = createClient({ ...server, keys: { accessKeyId: 'nobody', accessKeySecret: 'x' } })
    const headers = { 'x-oss-traffic-limit': '1' }
    expect((await client.send({ method: 'PUT', key: 'a', headers, body: 'x' })).xml('Code')).toBe(
      'InvalidAccessKeyId',
    )
  })

  test('slows a body down', async () => {
    const server = await startServer()
    const headers = { 'x-oss-traffic-limit': '819200' }
    const startedMs = performance.now()
    await createClient(server).send({ method: 'PUT', key: 'a', headers, body: 'x'.repeat(20_480) })
    expect(performance.now() - startedMs).toBeGreaterThan(190)
  })
})

describe('the access log', () => {
  test('has a line for each request, in the order of their ends', async () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
    const server = await startServer({ now: () => now })
    const client = createClient({ ...server, now: () => now })
    const uploadId = await client.initiate('a 中')
    const part = await client.putPart('a 中', uploadId, 2, 'abc')
    await client.complete('a 中', uploadId, { 2: String(part.headers['etag']) })
    await client.send({ method: 'HEAD', key: 'none' })
    await fetch(`${server.url}/${BUCKET}/a`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'PUT' },
    })
    const lines = await readLog(server.dir)
    const shared = {
      requestId: '',
      time: '2026-01-02T03:04:05.678Z',
      bucket: BUCKET,
      aborted: false,
      faults: [],
    }
    const accessKeyId = 'LTAI5tSluiceLocalOnly'
    const none = { uploadId: '', partNumber: null, code: '', bytesIn: 0 }
    const bytesIn = completeXml({ 2: String(part.headers['etag']) }).length
    expect(lines.map((line) => ({ ...line, requestId: '' }))).toEqual([
      {
        ...shared,
        ...none,
        method: 'POST',
        op: 'InitiateMultipartUpload',
        key: 'a 中',
        uploadId,
        status: 200,
        accessKeyId,
      },
      {
        ...shared,
        ...none,
        method: 'PUT',
        op: 'UploadPart',
        key: 'a 中',
        uploadId,
        partNumber: 2,
        status: 200,
        bytesIn: 3,
        accessKeyId,
      },
      {
        ...shared,
        ...none,
        method: 'POST',
        op: 'CompleteMultipartUpload',
        key: 'a 中',
        uploadId,
        status: 200,
        bytesIn,
        accessKeyId,
      },
      {
        ...shared,
        ...none,
        method: 'HEAD',
        op: 'HeadObject',
        key: 'none',
        status: 404,
        code: 'NoSuchKey',
        accessKeyId,
      },
      { ...shared, ...none, method: 'OPTIONS', op: 'Preflight', key: 'a', status: 200, accessKeyId: '' },
    ])
    expect(lines[1]?.requestId).toBe(part.headers['x-oss-request-id'])
  })

  test('has no secret, token or signature, whatever was sent', async () => {
    const server = await startServer()
    const keys = server.issueToken({ ttlSeconds: 60, bucket: BUCKET, keyPrefix: 'up/' })
    const signatures: string[] = []
    for (const version of ['v1', 'v4'] as const) {
      const client = createClient({ ...server, keys, version })
      await client.send({ method: 'PUT', key: 'up/a', body: 'x' })
      await client.send({ method: 'PUT', key: 'other', body: 'x' })
      const url = new URL(client.presign({ method: 'PUT', key: 'up/a' }, 600))
      signatures.push(url.searchParams.get('Signature') ?? url.searchParams.get('x-oss-signature') ?? 'none')
      await fetch(url, { method: 'PUT', body: new Uint8Array([1]) })
      const forged = createClient({ ...server, keys: { ...keys, accessKeySecret: 'wrong' }, version })
      await forged.send({ method: 'PUT', key: 'up/a', body: 'x' })
    }
    const log = await readFile(join(server.dir, 'access.jsonl'), 'utf8')
    expect(log).toContain(keys.accessKeyId)
    for (const secret of [
      keys.accessKeySecret,
      keys.securityToken,
      encodeURIComponent(keys.securityToken),
      ...signatures,
    ]) {
      expect(log).not.toContain(secret)
    }
  })
})
