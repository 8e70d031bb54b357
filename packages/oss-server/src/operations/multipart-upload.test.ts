import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClient, type ClientAnswer, type TestClient } from '../testing/client.ts'
import { listAllFiles } from '../testing/files.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'
import { bytesOf, loadCrcVectors } from '../testing/vectors.ts'

/** So that parts of a few bytes may stand before the last. */
const SMALL_PARTS = { minPartBytes: 0 }

function etagOf(body: string | Buffer): string {
  return `"${createHash('md5').update(body).digest('hex').toUpperCase()}"`
}

function failure(answer: ClientAnswer): [number, string | undefined, string | undefined] {
  return [answer.status, answer.xml('Code'), answer.xml('EC')]
}

async function upload(
  client: TestClient,
  key: string,
  parts: Readonly<Record<number, string>>,
): Promise<string> {
  const uploadId = await client.initiate(key)
  for (const [number, body] of Object.entries(parts))
    await client.putPart(key, uploadId, Number(number), body)
  return uploadId
}

function etagsOf(parts: Readonly<Record<number, string>>): Record<number, string> {
  return Object.fromEntries(Object.entries(parts).map(([number, body]) => [number, etagOf(body)]))
}

describe('an upload gives the ETags and CRCs of the vectors', () => {
  test.each(loadCrcVectors().multipart)(
    '$name',
    async ({ generator, parts, objectEtag, objectCrc64, objectSize }) => {
      const server = await startServer()
      const client = createClient(server)
      const bytes = bytesOf({ generator })
      const uploadId = await client.initiate('a')
      let offset = 0
      for (const part of parts) {
        const body = bytes.subarray(offset, offset + part.size)
        offset += part.size
        const answer = await client.putPart('a', uploadId, part.partNumber, body)
        expect(answer.headers).toMatchObject({
          etag: part.etag,
          'content-md5': part.contentMd5,
          'x-oss-hash-crc64ecma': part.crc64,
        })
      }
      const etags = Object.fromEntries(parts.map((part) => [part.partNumber, part.etag]))
      const completed = await client.complete('a', uploadId, etags)
      expect(completed.status).toBe(200)
      expect(completed.headers).toMatchObject({ etag: objectEtag, 'x-oss-hash-crc64ecma': objectCrc64 })
      expect(completed.xml('ETag')?.replaceAll('&quot;', '"')).toBe(objectEtag)
      const head = await client.send({ method: 'HEAD', key: 'a' })
      expect(head.headers).toMatchObject({
        'content-length': String(objectSize),
        etag: objectEtag,
        'x-oss-hash-crc64ecma': objectCrc64,
        'x-oss-object-type': 'Multipart',
      })
      expect(head.headers).not.toHaveProperty('content-md5')
      expect((await readFile(join(server.dir, BUCKET, 'a'))).equals(bytes)).toBe(true)
    },
  )
})

test('the object has the headers that Initiate was given', async () => {
  const server = await startServer()
  const client = createClient(server)
  const headers = { 'content-type': 'video/mp4', 'x-oss-meta-author': 'alice' }
  const initiated = await client.send({ method: 'POST', key: 'a', query: { uploads: '' }, headers })
  const uploadId = initiated.xml('UploadId') ?? ''
  expect(uploadId).toMatch(/^[0-9A-F]{32}$/)
  expect([initiated.xml('Bucket'), initiated.xml('Key')]).toEqual([BUCKET, 'a'])
  const { headers: part } = await client.putPart('a', uploadId, 1, 'x')
  await client.complete('a', uploadId, { 1: String(part['etag']) })
  expect((await client.send({ method: 'HEAD', key: 'a' })).headers).toMatchObject(headers)
})

test('encoding-type=url encodes the key in the answers', async () => {
  const server = await startServer()
  const client = createClient(server)
  const key = 'a b/\f中'
  const initiated = await client.send({ method: 'POST', key, query: { uploads: '', 'encoding-type': 'url' } })
  expect([initiated.xml('EncodingType'), initiated.xml('Key')]).toEqual(['url', 'a%20b%2F%0C%E4%B8%AD'])
  const bad = await client.send({ method: 'POST', key, query: { uploads: '', 'encoding-type': 'base64' } })
  expect(bad.xml('Code')).toBe('InvalidArgument')
})

test('uploads of one key live side by side, and do not touch the object before they complete', async () => {
  const server = await startServer()
  const client = createClient(server)
  await client.send({ method: 'PUT', key: 'a', body: 'old' })
  const [first, second] = [await upload(client, 'a', { 1: 'one' }), await upload(client, 'a', { 1: 'two' })]
  expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('old')
  await client.complete('a', second, { 1: etagOf('two') })
  expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('two')
  await client.complete('a', first, { 1: etagOf('one') })
  expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('one')
})

test('a part sent again takes the place of the first, whose ETag counts no more', async () => {
  const server = await startServer(SMALL_PARTS)
  const client = createClient(server)
  const uploadId = await upload(client, 'a', { 1: 'first', 2: 'end' })
  await client.putPart('a', uploadId, 1, 'other')
  const stale = await client.complete('a', uploadId, { 1: etagOf('first'), 2: etagOf('end') })
  expect(failure(stale)).toEqual([400, 'InvalidPart', undefined])
  await client.complete('a', uploadId, { 1: etagOf('other'), 2: etagOf('end') })
  expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('otherend')
})

describe('a Complete that fails leaves the upload as it was', () => {
  const parts = { 1: 'small', 2: 'end' }
  test.each<[reason: string, etags: Record<number, string>, expected: [number, string, string | undefined]]>([
    ['a small part before the last', etagsOf(parts), [400, 'EntityTooSmall', '0042-00000213']],
    ['a part that is not there', { ...etagsOf(parts), 3: etagOf('x') }, [400, 'InvalidPart', undefined]],
    ['no part', {}, [400, 'MalformedXML', '0042-00000205']],
  ])('%s', async (_, etags, expected) => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await upload(client, 'a', parts)
    expect(failure(await client.complete('a', uploadId, etags))).toEqual(expected)
    expect((await client.complete('a', uploadId, { 2: etagOf('end') })).status).toBe(200)
    expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('end')
  })

  test('no body', async () => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await upload(client, 'a', parts)
    const answer = await client.send({ method: 'POST', key: 'a', query: { uploadId } })
    expect(failure(answer)).toEqual([400, 'MalformedXML', '0042-00000205'])
  })

  test('the MD5 of the file instead of that of the XML', async () => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await upload(client, 'a', { 1: 'x' })
    const answer = await client.send({
      method: 'POST',
      key: 'a',
      query: { uploadId },
      headers: { 'content-md5': createHash('md5').update('x').digest('base64') },
      body: '<CompleteMultipartUpload/>',
    })
    expect(failure(answer)).toEqual([400, 'InvalidDigest', '0017-00000503'])
  })

  test('parts out of order', async () => {
    const server = await startServer(SMALL_PARTS)
    const client = createClient(server)
    const uploadId = await upload(client, 'a', parts)
    const entry = (number: 1 | 2): string =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${etagOf(parts[number])}</ETag></Part>`
    const send = (...entries: readonly string[]): Promise<ClientAnswer> =>
      client.send({
        method: 'POST',
        key: 'a',
        query: { uploadId },
        body: `<CompleteMultipartUpload>${entries.join('')}</CompleteMultipartUpload>`,
      })
    expect(failure(await send(entry(2), entry(1)))).toEqual([400, 'InvalidPartOrder', '0042-00000209'])
    expect((await send(entry(1), entry(2))).status).toBe(200)
  })
})

describe('x-oss-complete-all', () => {
  const headers = { 'x-oss-complete-all': 'yes' }

  test('takes all stored parts in their order', async () => {
    const server = await startServer(SMALL_PARTS)
    const client = createClient(server)
    const uploadId = await upload(client, 'a', { 3: 'three', 10: 'ten', 1: 'one' })
    const answer = await client.send({ method: 'POST', key: 'a', query: { uploadId }, headers })
    expect(answer.status).toBe(200)
    expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('onethreeten')
  })

  test('refuses a body', async () => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await upload(client, 'a', { 1: 'x' })
    const answer = await client.send({ method: 'POST', key: 'a', query: { uploadId }, headers, body: '<x/>' })
    expect(failure(answer)).toEqual([400, 'InvalidArgument', '0042-00000216'])
  })

  test('refuses small parts as the list does', async () => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await upload(client, 'a', { 1: 'x', 2: 'y' })
    const answer = await client.send({ method: 'POST', key: 'a', query: { uploadId }, headers })
    expect(answer.xml('Code')).toBe('EntityTooSmall')
  })
})

describe('x-oss-forbid-overwrite', () => {
  const headers = { 'x-oss-forbid-overwrite': 'true' }

  test('is looked at by Initiate already', async () => {
    const server = await startServer()
    const client = createClient(server)
    await client.send({ method: 'PUT', key: 'a', body: 'old' })
    const answer = await client.send({ method: 'POST', key: 'a', query: { uploads: '' }, headers })
    expect(answer.xml('Code')).toBe('FileAlreadyExists')
  })

  test('is looked at by Complete again, which leaves the upload usable', async () => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await upload(client, 'a', { 1: 'new' })
    await client.send({ method: 'PUT', key: 'a', body: 'old' })
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etagOf('new')}</ETag></Part></CompleteMultipartUpload>`
    const refused = await client.send({ method: 'POST', key: 'a', query: { uploadId }, headers, body })
    expect(failure(refused)).toEqual([409, 'FileAlreadyExists', undefined])
    expect((await client.send({ method: 'POST', key: 'a', query: { uploadId }, body })).status).toBe(200)
  })
})

describe('an upload that is over does not exist', () => {
  test.each(['completed', 'aborted'])('%s', async (ending) => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await upload(client, 'a', { 1: 'x' })
    const query = { uploadId }
    const ended =
      ending === 'completed'
        ? await client.complete('a', uploadId, { 1: etagOf('x') })
        : await client.send({ method: 'DELETE', key: 'a', query })
    expect(ended.status).toBe(ending === 'completed' ? 200 : 204)

    expect(failure(await client.putPart('a', uploadId, 2, 'y'))).toEqual([
      404,
      'NoSuchUpload',
      '0042-00000104',
    ])
    const completed = await client.complete('a', uploadId, { 1: etagOf('x') })
    expect(failure(completed)).toEqual([404, 'NoSuchUpload', '0042-00000203'])
    expect(completed.xml('UploadId')).toBe(uploadId)
    const listed = await client.send({ method: 'GET', key: 'a', query })
    expect(failure(listed)).toEqual([404, 'NoSuchUpload', '0042-00000002'])
    const aborted = await client.send({ method: 'DELETE', key: 'a', query })
    expect(failure(aborted)).toEqual([404, 'NoSuchUpload', '0042-00000002'])
    expect(await listAllFiles(join(server.dir, '.sluice/uploads'))).toEqual([])
  })
})

test('an upload belongs to its key', async () => {
  const server = await startServer()
  const client = createClient(server)
  const uploadId = await upload(client, 'a', { 1: 'x' })
  expect((await client.putPart('b', uploadId, 1, 'x')).xml('Code')).toBe('NoSuchUpload')
})

test('of two Completes at once one wins, the other finds no upload', async () => {
  const server = await startServer()
  const client = createClient(server)
  const uploadId = await upload(client, 'a', { 1: 'x' })
  const etags = { 1: etagOf('x') }
  const answers = await Promise.all([
    client.complete('a', uploadId, etags),
    client.complete('a', uploadId, etags),
  ])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404])
})

test('UploadPart refuses part numbers outside 1 to 10,000', async () => {
  const server = await startServer()
  const client = createClient(server)
  const uploadId = await client.initiate('a')
  for (const partNumber of ['0', '10001', 'x', '-1', '1.5']) {
    const answer = await client.send({ method: 'PUT', key: 'a', query: { partNumber, uploadId }, body: 'x' })
    expect(failure(answer)).toEqual([400, 'InvalidArgument', '0017-00000220'])
  }
  expect((await client.putPart('a', uploadId, 10_000, 'x')).status).toBe(200)
})

test.each(['x-oss-storage-class', 'x-oss-server-side-encryption'])(
  'UploadPart and Complete refuse %s',
  async (name) => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await client.initiate('a')
    const headers = { [name]: 'Standard' }
    const part = await client.send({
      method: 'PUT',
      key: 'a',
      query: { partNumber: '1', uploadId },
      headers,
      body: 'x',
    })
    const complete = await client.send({
      method: 'POST',
      key: 'a',
      query: { uploadId },
      headers,
      body: '<x/>',
    })
    expect([part.xml('Code'), complete.xml('Code')]).toEqual(['InvalidArgument', 'InvalidArgument'])
  },
)

test('a wrong Content-MD5 of a part leaves the earlier part', async () => {
  const server = await startServer()
  const client = createClient(server)
  const uploadId = await upload(client, 'a', { 1: 'good' })
  const answer = await client.send({
    method: 'PUT',
    key: 'a',
    query: { partNumber: '1', uploadId },
    headers: { 'content-md5': createHash('md5').update('x').digest('base64') },
    body: 'evil',
  })
  expect(answer.xml('Code')).toBe('InvalidDigest')
  expect((await client.complete('a', uploadId, { 1: etagOf('good') })).status).toBe(200)
  expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('good')
})

describe('a sequential upload', () => {
  async function initiateSequential(client: TestClient): Promise<string> {
    const answer = await client.send({ method: 'POST', key: 'a', query: { uploads: '', sequential: '' } })
    return answer.xml('UploadId') ?? ''
  }

  test('takes each part once, in ascending order', async () => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await initiateSequential(client)
    await client.putPart('a', uploadId, 2, 'x')
    expect(failure(await client.putPart('a', uploadId, 2, 'x'))).toEqual([409, 'PartAlreadyExist', undefined])
    expect(failure(await client.putPart('a', uploadId, 1, 'x'))).toEqual([409, 'PartAlreadyExist', undefined])
    expect((await client.putPart('a', uploadId, 3, 'x')).status).toBe(200)
  })

  test('gives the object an MD5', async () => {
    const server = await startServer(SMALL_PARTS)
    const client = createClient(server)
    const uploadId = await initiateSequential(client)
    await client.putPart('a', uploadId, 1, 'ab')
    await client.putPart('a', uploadId, 2, 'c')
    await client.complete('a', uploadId, { 1: etagOf('ab'), 2: etagOf('c') })
    const head = await client.send({ method: 'HEAD', key: 'a' })
    expect(head.headers['content-md5']).toBe(createHash('md5').update('abc').digest('base64'))
  })
})

describe('an object does not have what is not listed', () => {
  test.each<[reason: string, parts: Record<number, string>, listed: readonly number[], expected: string]>([
    ['a part behind the last', { 1: 'aaa', 2: 'bbb', 3: 'ccc' }, [1, 2], 'aaabbb'],
    ['a part between', { 1: 'aaa', 2: 'bbb', 3: 'ccc' }, [1, 3], 'aaaccc'],
    ['a part before', { 1: 'aaa', 2: 'bbb' }, [2], 'bbb'],
    ['a place that is not filled', { 1: 'aaa', 2: 'b', 3: 'ccc' }, [1, 2, 3], 'aaabccc'],
  ])('%s', async (_, parts, listed, expected) => {
    const server = await startServer(SMALL_PARTS)
    const client = createClient(server)
    const uploadId = await upload(client, 'a', parts)
    const etags = Object.fromEntries(listed.map((number) => [number, etagOf(parts[number] ?? '')]))
    expect((await client.complete('a', uploadId, etags)).status).toBe(200)
    expect((await client.send({ method: 'GET', key: 'a' })).text).toBe(expected)
  })

  test('the rest of a longer body that failed before', async () => {
    const server = await startServer(SMALL_PARTS)
    const client = createClient(server)
    const uploadId = await upload(client, 'a', { 1: 'aaaa' })
    server.faults.order({ kind: 'reset', when: 'during-body', afterBytes: 4 })
    await client.putPart('a', uploadId, 2, 'xxxx').catch(() => undefined)
    await client.putPart('a', uploadId, 2, 'b')
    await client.complete('a', uploadId, { 1: etagOf('aaaa'), 2: etagOf('b') })
    expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('aaaab')
  })
})

test('any way of sending parts gives the object that the list says', async () => {
  const server = await startServer(SMALL_PARTS)
  const client = createClient(server)
  const size = fc.constantFrom(0, 1, 50, 100, 101)
  const sent = fc.array(fc.record({ partNumber: fc.integer({ min: 1, max: 6 }), size }), {
    minLength: 1,
    maxLength: 12,
  })
  let run = 0
  await fc.assert(
    fc.asyncProperty(sent, fc.boolean(), fc.nat(), async (parts, isAllListed, seed) => {
      run += 1
      const key = `run-${run}`
      const uploadId = await client.initiate(key)
      const stored = new Map<number, string>()
      for (const [index, { partNumber, size: length }] of parts.entries()) {
        const body = String.fromCharCode(97 + ((index + seed) % 26)).repeat(length)
        expect((await client.putPart(key, uploadId, partNumber, body)).status).toBe(200)
        stored.set(partNumber, body)
      }
      const numbers = [...stored.keys()].toSorted((a, b) => a - b)
      const listed = isAllListed
        ? numbers
        : numbers.filter((_, index) => index === 0 || (seed >> index) % 2 === 0)
      const etags = Object.fromEntries(listed.map((number) => [number, etagOf(stored.get(number) ?? '')]))
      const completed = await client.complete(key, uploadId, etags)
      expect(completed.status).toBe(200)
      const { text } = await client.send({ method: 'GET', key })
      expect(text).toBe(listed.map((number) => stored.get(number)).join(''))
    }),
    { numRuns: 60 },
  )
  expect(await listAllFiles(join(server.dir, '.sluice/uploads'))).toEqual([])
})
