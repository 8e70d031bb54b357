import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createOssServer, type IssuedToken, type OssServer } from './server.ts'
import { createClient, sendRaw, type ClientAnswer } from './testing/client.ts'
import { openSocket } from './testing/raw-socket.ts'
import { BUCKET, readLog, startServer, temporaryFolder } from './testing/running-server.ts'

/** Code with which a connection broke. */
function breakage(answer: Promise<ClientAnswer>): Promise<string> {
  return answer.then(
    ({ status }) => `answered ${status}`,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )
}

describe('createOssServer() refuses options it does not understand', () => {
  test.each<[options: Record<string, unknown>, message: string]>([
    [{ dir: '' }, 'dir must be a non-empty string, got ""'],
    [{ prot: 1 }, 'prot is unknown; known are dir, port,'],
    [{ port: '9000' }, 'port must be an integer from 0 to 65535, got "9000"'],
    [{ accessKeys: [{ accessKeyId: 'a' }] }, 'accessKeys[0].accessKeySecret is missing'],
    [{ buckets: { media: { cors: [{}] } } }, 'buckets.media.cors[0].allowedOrigins is missing'],
    [{ buckets: { Media: {} } }, 'buckets must be named by 3 to 63'],
    [{ minPartBytes: -1 }, 'minPartBytes must be an integer from 0 to 102400, got -1'],
    [{ now: 5 }, 'now must be a function, got 5'],
  ])('%j', async (options, message) => {
    await expect(createOssServer({ dir: await temporaryFolder(), port: 0, ...options })).rejects.toThrow(
      message,
    )
  })
})

describe('issueToken()', () => {
  test('gives credentials that work until they expire', async () => {
    let nowMs = Date.UTC(2026, 0, 1)
    const now = (): number => nowMs
    const server = await startServer({ now })
    const keys = server.issueToken({ ttlSeconds: 1.5, bucket: BUCKET })
    expect(keys.accessKeyId).toMatch(/^STS\./)
    expect(keys.expiration).toBe('2026-01-01T00:00:01.500Z')
    const client = createClient({ ...server, keys, now })
    nowMs += 1499
    expect((await client.send({ method: 'PUT', key: 'a', body: 'x' })).status).toBe(200)
    nowMs += 1
    expect((await client.send({ method: 'PUT', key: 'a', body: 'x' })).xml('Code')).toBe(
      'SecurityTokenExpired',
    )
  })

  test('gives credentials that outlive a restart', async () => {
    const server = await startServer()
    const keys = server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
    await server.close()
    const restarted = await startServer({ dir: server.dir })
    expect(
      (await createClient({ ...restarted, keys }).send({ method: 'PUT', key: 'a', body: 'x' })).status,
    ).toBe(200)
  })

  test('keeps credentials to their bucket, keys and operations', async () => {
    const server = await startServer({ buckets: { [BUCKET]: {}, other: {} } })
    const keys = server.issueToken({
      ttlSeconds: 60,
      bucket: BUCKET,
      keyPrefix: 'up/',
      denyOperations: ['ListParts'],
    })
    const client = createClient({ ...server, keys })
    const uploadId = await client.initiate('up/a')
    const denied = [
      await client.send({ method: 'PUT', key: 'other', body: 'x' }),
      await client.send({ method: 'PUT', bucket: 'other', key: 'up/a', body: 'x' }),
      await client.send({ method: 'GET' }),
      await client.send({ method: 'GET', key: 'up/a', query: { uploadId } }),
    ]
    expect(denied.map((answer) => [answer.status, answer.xml('Code')])).toEqual(
      denied.map(() => [403, 'AccessDenied']),
    )
    expect((await client.putPart('up/a', uploadId, 1, 'x')).status).toBe(200)
  })

  test.each<[options: Record<string, unknown>, message: string]>([
    [{ ttlSeconds: 0 }, 'ttlSeconds must be a number above 0 and not above 43200, got 0'],
    [{ bucket: undefined }, 'bucket is missing'],
    [{ prefix: 'x' }, 'prefix is unknown'],
    [{ denyOperations: ['Everything'] }, 'denyOperations[0] must be one of'],
  ])('refuses %j', async (options, message) => {
    const server = await startServer()
    expect(() => server.issueToken({ ttlSeconds: 1, bucket: BUCKET, ...options })).toThrow(message)
  })
})

describe('expireTokens()', () => {
  const PUT = { method: 'PUT', key: 'a', body: 'x' } as const
  const codeOf = async (server: OssServer, keys: IssuedToken, now = Date.now): Promise<string | number> => {
    const answer = await createClient({ ...server, keys, now }).send(PUT)
    return answer.xml('Code') ?? answer.status
  }

  test('refuses credentials issued until then as expired, and takes those issued after it', async () => {
    // The clock stands still: what counts is the order, also within a millisecond.
    const now = (): number => Date.UTC(2026, 0, 1)
    const server = await startServer({ now })
    const issue = (): IssuedToken => server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
    const first = issue()
    expect(await codeOf(server, first, now)).toBe(200)
    server.expireTokens()
    const second = issue()
    expect(await codeOf(server, first, now)).toBe('SecurityTokenExpired')
    expect(await codeOf(server, second, now)).toBe(200)
    server.expireTokens()
    expect(await codeOf(server, second, now)).toBe('SecurityTokenExpired')
    expect(await codeOf(server, first, now)).toBe('SecurityTokenExpired')
    expect(await codeOf(server, issue(), now)).toBe(200)
  })

  test('answers as for any token that has expired', async () => {
    const server = await startServer()
    const keys = server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
    server.expireTokens()
    const answer = await createClient({ ...server, keys }).send(PUT)
    expect([answer.status, answer.xml('EC'), answer.xml('SecurityToken')]).toEqual([
      403,
      '0002-00000007',
      keys.securityToken,
    ])
  })

  test('refuses presigned URLs too, and leaves permanent keys alone', async () => {
    const server = await startServer()
    const keys = server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
    const url = createClient({ ...server, keys }).presign({ method: 'PUT', key: 'a' }, 60)
    server.expireTokens()
    expect((await fetch(url, { method: 'PUT' })).status).toBe(403)
    expect((await createClient(server).send(PUT)).status).toBe(200)
  })

  test('reaches back over a restart, and is itself forgotten by one', async () => {
    const server = await startServer()
    const keys = server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
    server.expireTokens()
    await server.close()
    const restarted = await startServer({ dir: server.dir })
    expect(await codeOf(restarted, keys)).toBe(200)
    restarted.expireTokens()
    expect(await codeOf(restarted, keys)).toBe('SecurityTokenExpired')
  })
})

describe('presigned URLs', () => {
  test.each(['v1', 'v4'] as const)('of %s carry a whole upload', async (version) => {
    const server = await startServer()
    const keys = server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
    const client = createClient({ ...server, keys, version })
    const initiated = await fetch(client.presign({ method: 'POST', key: 'a', query: { uploads: '' } }, 60), {
      method: 'POST',
    })
    const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(await initiated.text())?.[1] ?? ''
    const put = client.presign({ method: 'PUT', key: 'a', query: { partNumber: '1', uploadId } }, 60)
    const part = await fetch(put, { method: 'PUT', body: new Uint8Array([104, 105]) })
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.get('etag') ?? ''}</ETag></Part></CompleteMultipartUpload>`
    const post = client.presign({ method: 'POST', key: 'a', query: { uploadId } }, 60)
    expect((await fetch(post, { method: 'POST', body: new TextEncoder().encode(body) })).status).toBe(200)
    expect(await readFile(join(server.dir, BUCKET, 'a'), 'utf8')).toBe('hi')
  })

  test.each(['v1', 'v4'] as const)(
    'of %s do not cover a Content-Type that was not signed',
    async (version) => {
      const server = await startServer()
      const url = createClient({ ...server, version }).presign({ method: 'PUT', key: 'a' }, 60)
      const answer = await fetch(url, { method: 'PUT', body: 'text with a type of its own' })
      expect([answer.status, /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1]]).toEqual([
        403,
        'SignatureDoesNotMatch',
      ])
    },
  )
})

test('additional headers are signed as they came', async () => {
  const server = await startServer()
  const client = createClient({ ...server, additionalHeaders: ['host', 'content-length'] })
  const headers = { host: `127.0.0.1:${server.port}`, 'content-length': '1' }
  expect((await client.send({ method: 'PUT', key: 'a', headers, body: 'x' })).status).toBe(200)
  const other = { ...headers, host: `localhost:${server.port}` }
  expect((await client.send({ method: 'PUT', key: 'a', headers: other, body: 'x' })).status).toBe(200)
})

describe('a restart', () => {
  test('keeps objects with all that is known of them', async () => {
    const server = await startServer()
    const put = createClient({ ...server, version: 'v1' })
    const headers = { 'content-type': 'video/mp4', 'x-oss-meta-author': 'alice' }
    await put.send({ method: 'PUT', key: 'a b', headers, body: '123456789' })
    const before = await put.send({ method: 'HEAD', key: 'a b' })
    await server.close()
    const restarted = await startServer({ dir: server.dir })
    const after = await createClient(restarted).send({ method: 'HEAD', key: 'a b' })
    const known = [
      'etag',
      'x-oss-meta-author',
      'content-type',
      'content-md5',
      'last-modified',
      'x-oss-hash-crc64ecma',
    ]
    const pick = (found: typeof after.headers): unknown[] => known.map((name) => found[name])
    expect(pick(after.headers)).toEqual(pick(before.headers))
    expect(pick(after.headers)).not.toContain(undefined)
  })

  test('in the middle of an upload keeps the upload and its parts', async () => {
    const server = await startServer({ minPartBytes: 0 })
    const client = createClient(server)
    const initiated = await client.send({
      method: 'POST',
      key: 'a',
      query: { uploads: '' },
      headers: { 'content-type': 'video/mp4' },
    })
    const uploadId = initiated.xml('UploadId') ?? ''
    const first = await client.putPart('a', uploadId, 1, 'one')
    const second = await client.putPart('a', uploadId, 2, 'two')
    await server.close()

    const restarted = await startServer({ dir: server.dir, minPartBytes: 0 })
    const again = createClient(restarted)
    const listed = await again.send({ method: 'GET', key: 'a', query: { uploadId } })
    expect(listed.text).toContain(
      `<HashCrc64ecma>${String(first.headers['x-oss-hash-crc64ecma'])}</HashCrc64ecma>`,
    )
    const third = await again.putPart('a', uploadId, 3, 'end')
    const etags = { 1: first, 2: second, 3: third }
    const list = Object.fromEntries(
      Object.entries(etags).map(([number, answer]) => [number, String(answer.headers['etag'])]),
    )
    expect((await again.complete('a', uploadId, list)).status).toBe(200)
    const got = await again.send({ method: 'GET', key: 'a' })
    expect([got.text, got.headers['content-type']]).toEqual(['onetwoend', 'video/mp4'])
  })

  test('goes on with the access log', async () => {
    const server = await startServer()
    await createClient(server).send({ method: 'PUT', key: 'a', body: 'x' })
    await server.close()
    const restarted = await startServer({ dir: server.dir })
    await createClient(restarted).send({ method: 'HEAD', key: 'a' })
    expect((await readLog(server.dir)).map(({ op }) => op)).toEqual(['PutObject', 'HeadObject'])
  })
})

test('close() ends open connections, also those that wait', async () => {
  const server = await startServer()
  server.faults.order({ kind: 'stall', when: 'answering' })
  const waiting = createClient(server).send({ method: 'PUT', key: 'a', body: 'x' })
  const ended = waiting.catch((error: NodeJS.ErrnoException) => error.code)
  while (server.faults.list()[0]?.hit === 0) await new Promise(setImmediate)
  await server.close()
  expect(await ended).toBe('ECONNRESET')
  expect(server.openConnections.current).toBe(0)
})

describe('dropConnections()', () => {
  test('resets what is under way and what is idle, and takes new connections', async () => {
    const server = await startServer()
    const idle = await openSocket(server.url)
    server.faults.order({ kind: 'stall', when: 'reading', op: 'PutObject' })
    const client = createClient(server)
    const waiting = breakage(client.send({ method: 'PUT', key: 'a', body: 'x' }))
    while (server.faults.list()[0]?.hit === 0) await new Promise(setImmediate)
    expect(server.dropConnections()).toBe(1)
    expect(await waiting).toBe('ECONNRESET')
    expect((await idle.received).isReset).toBe(true)
    expect((await client.send({ method: 'PUT', key: 'a', body: 'x' })).status).toBe(200)
  })

  test('stores nothing of a body that it cut', async () => {
    const server = await startServer()
    server.faults.order({ kind: 'bandwidth', bytesPerSecond: 1000, op: 'PutObject' })
    const cut = breakage(createClient(server).send({ method: 'PUT', key: 'a', body: 'x'.repeat(1_000_000) }))
    while (server.faults.list()[0]?.hit === 0) await new Promise(setImmediate)
    server.dropConnections()
    expect(await cut).toBe('ECONNRESET')
    expect((await createClient(server).send({ method: 'HEAD', key: 'a' })).status).toBe(404)
  })
})

test('setOnline(false) resets connections and each new one, until the server is online again', async () => {
  const server = await startServer({ control: true })
  const client = createClient(server)
  const put = { method: 'PUT', key: 'a', body: 'x' } as const
  const open = await openSocket(server.url)
  server.setOnline(false)
  expect((await open.received).isReset).toBe(true)
  expect(await breakage(client.send(put))).toBe('ECONNRESET')
  const preflight = sendRaw({ url: server.url, path: `/${BUCKET}/a`, method: 'OPTIONS' })
  expect(await breakage(preflight)).toBe('ECONNRESET')
  expect(await breakage(sendRaw({ url: server.url, path: '/-/faults', method: 'GET' }))).toBe('ECONNRESET')
  expect(await readLog(server.dir)).toEqual([])
  server.setOnline(true)
  expect((await client.send(put)).status).toBe(200)
})

test('a metadata value comes back as it was sent, in UTF-8', async () => {
  const server = await startServer({ buckets: { [BUCKET]: { acl: 'public-read-write' } } })
  const sent = Buffer.from('中文', 'utf8').toString('latin1')
  const path = `/${BUCKET}/a`
  await sendRaw({ url: server.url, path, method: 'PUT', headers: { 'x-oss-meta-author': sent }, body: 'x' })
  const { headers } = await sendRaw({ url: server.url, path, method: 'HEAD' })
  expect(headers['x-oss-meta-author']).toBe(sent)
})

describe('the control endpoint', () => {
  test('takes, lists and takes back orders, for any page, and is not logged', async () => {
    const server = await startServer({ control: true })
    const url = `${server.url}/-/faults`
    const order = { kind: 'status', status: 503, code: 'Busy', op: 'PutObject' }
    const preflight = await fetch(url, { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    const posted = await fetch(url, { method: 'POST', body: JSON.stringify(order) })
    expect([posted.status, await posted.json()]).toEqual([201, { id: '1' }])
    expect((await createClient(server).send({ method: 'PUT', key: 'a', body: 'x' })).status).toBe(503)
    const listed = await fetch(url)
    expect(await listed.json()).toEqual([{ id: '1', order, matched: 1, hit: 1 }])
    expect((await fetch(`${url}/1`, { method: 'DELETE' })).status).toBe(204)
    expect((await fetch(`${url}/1`, { method: 'DELETE' })).status).toBe(404)
    server.faults.order({ kind: 'wrong-etag' })
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
    expect(server.faults.list()).toEqual([])
    expect((await readLog(server.dir)).map(({ op }) => op)).toEqual(['PutObject'])
  })

  test.each([
    ['{"kind":"explode"}', 'kind must be one of'],
    ['{"kind":"wrong-etag","partNumbr":1}', 'partNumbr is unknown'],
    ['no json', 'not valid JSON'],
  ])('refuses %s', async (body, message) => {
    const server = await startServer({ control: true })
    const answer = await fetch(`${server.url}/-/faults`, { method: 'POST', body })
    expect([answer.status, await answer.json()]).toEqual([400, { error: expect.stringContaining(message) }])
  })

  test('is not there unless asked for', async () => {
    const server = await startServer()
    const answer = await sendRaw({ url: server.url, path: '/-/faults', method: 'GET' })
    expect([answer.status, answer.xml('Code')]).toEqual([400, 'InvalidBucketName'])
  })

  test('does not hide a key of that name', async () => {
    const server = await startServer({ control: true })
    const client = createClient(server)
    await client.send({ method: 'PUT', key: '-/faults', body: 'x' })
    const url = new URL(client.presign({ method: 'GET', key: '-/faults' }, 60))
    const headers = { host: `${BUCKET}.localhost` }
    const answer = await sendRaw({ url: server.url, path: `/-/faults${url.search}`, method: 'GET', headers })
    expect(answer.text).toBe('x')
  })
})
