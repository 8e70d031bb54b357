import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createClient, sendRaw } from '../testing/client.ts'
import { listAllFiles } from '../testing/files.ts'
import { formOf, openPolicy, postForm, signFormV4, type FormFields } from '../testing/form.ts'
import { BUCKET, readLog, startServer } from '../testing/running-server.ts'

const OPEN = { buckets: { [BUCKET]: { acl: 'public-read-write' } } } as const

test('the bucket is in the path with or without a slash, in the host, or bound to it', async () => {
  const server = await startServer({ ...OPEN, cnames: { 'files.example.com': BUCKET } })
  const ways = [
    { path: `/${BUCKET}` },
    { path: `/${BUCKET}/` },
    { path: '/', headers: { host: `${BUCKET}.localhost` } },
    { path: '/', headers: { host: 'files.example.com' } },
  ]
  const locations: unknown[] = []
  for (const way of ways) {
    const form = formOf({ key: 'a b/中', success_action_status: '201' })
    locations.push((await postForm(server, form, way)).xml('Location'))
  }
  expect(locations).toEqual([
    `${server.url}/${BUCKET}/a%20b/%E4%B8%AD`,
    `${server.url}/${BUCKET}/a%20b/%E4%B8%AD`,
    `http://${BUCKET}.localhost/a%20b/%E4%B8%AD`,
    'http://files.example.com/a%20b/%E4%B8%AD',
  ])
})

test('a form to an object or to a bucket that is not there is refused', async () => {
  const server = await startServer(OPEN)
  const answers: unknown[] = []
  for (const path of [`/${BUCKET}/key`, '/no-such-bucket']) {
    const answer = await postForm(server, formOf({ key: 'a' }), { path })
    answers.push([answer.status, answer.xml('Code')])
  }
  expect(answers).toEqual([
    [405, 'MethodNotAllowed'],
    [404, 'NoSuchBucket'],
  ])
})

describe('success_action_status', () => {
  test.each([
    ['200', 200],
    ['201', 201],
    ['204', 204],
    ['302', 204],
    ['', 204],
  ])('%j is answered with %i', async (value, expected) => {
    const server = await startServer(OPEN)
    const answer = await postForm(server, formOf({ key: 'a', success_action_status: value }))
    expect(answer.status).toBe(expected)
    expect(answer.headers).toMatchObject({
      etag: '"900150983CD24FB0D6963F7D28E17F72"',
      'x-oss-hash-crc64ecma': '3231342946509354535',
    })
    expect(['Bucket', 'Key', 'ETag'].map((name) => answer.xml(name))).toEqual(
      expected === 201
        ? [BUCKET, 'a', '&quot;900150983CD24FB0D6963F7D28E17F72&quot;']
        : [undefined, undefined, undefined],
    )
  })
})

test('success_action_redirect sends the browser on, and not anywhere', async () => {
  const server = await startServer(OPEN)
  const to = (url: string): FormData =>
    formOf({ key: 'a', success_action_redirect: url, success_action_status: '200' })
  const answer = await postForm(server, to('https://www.example.com/完?a=b'))
  expect([answer.status, answer.headers['location']]).toEqual([303, 'https://www.example.com/%E5%AE%8C?a=b'])
  expect((await postForm(server, to('javascript:alert(1)'))).xml('Code')).toBe('InvalidArgument')
})

test('fields give the object its headers', async () => {
  const server = await startServer(OPEN)
  const headers = {
    'cache-control': 'no-cache',
    'content-disposition': 'attachment; filename="中.txt"',
    'content-encoding': 'identity',
    'content-language': 'zh',
    expires: 'Wed, 28 Dec 2022 10:27:41 GMT',
    'x-oss-meta-uuid': '中文',
    'x-oss-storage-class': 'IA',
  }
  const fields = {
    key: 'a',
    'Cache-Control': headers['cache-control'],
    'Content-Disposition': headers['content-disposition'],
    'Content-Encoding': headers['content-encoding'],
    'Content-Language': headers['content-language'],
    Expires: headers.expires,
    'X-OSS-Meta-UUID': headers['x-oss-meta-uuid'],
    'x-oss-storage-class': headers['x-oss-storage-class'],
    'x-oss-tagging': 'a=1&b=2',
    'x-oss-object-acl': 'private',
  }
  expect((await postForm(server, formOf(fields))).status).toBe(204)
  const client = createClient(server)
  const head = await client.send({ method: 'HEAD', key: 'a' })
  const asText = Object.fromEntries(
    Object.entries(head.headers).map(([name, value]) => [
      name,
      Buffer.from(String(value), 'latin1').toString('utf8'),
    ]),
  )
  expect(asText).toMatchObject({ ...headers, 'x-oss-tagging-count': '2' })
  expect((await client.send({ method: 'GET', key: 'a', query: { acl: '' } })).xml('Grant')).toBe('private')
})

describe('the Content-Type of the object is', () => {
  const typed = new Blob(['abc'], { type: 'text/plain;charset=utf-8' })
  test.each<[reason: string, fields: FormFields, file: string | Blob, expected: string]>([
    ['x-oss-content-type before all', { 'Content-Type': 'a/a', 'x-oss-content-type': 'b/b' }, typed, 'b/b'],
    ['that of the file part before the field', { 'Content-Type': 'a/a' }, typed, 'text/plain;charset=utf-8'],
    ['application/octet-stream when nobody says', {}, 'abc', 'application/octet-stream'],
  ])('%s', async (_, fields, file, expected) => {
    const server = await startServer(OPEN)
    await postForm(server, formOf({ key: 'a', ...fields }, file))
    const head = await createClient(server).send({ method: 'HEAD', key: 'a' })
    expect(head.headers['content-type']).toBe(expected)
  })

  test('that of the field when the file part has none', async () => {
    const server = await startServer(OPEN)
    const body = [
      '--XX\r\nContent-Disposition: form-data; name="key"\r\n\r\na',
      '--XX\r\nContent-Disposition: form-data; name="Content-Type"\r\n\r\na/a',
      '--XX\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc',
      '--XX--\r\n',
    ].join('\r\n')
    const headers = { 'content-type': 'multipart/form-data; boundary="XX"' }
    await sendRaw({ url: server.url, path: `/${BUCKET}`, method: 'POST', headers, body })
    const head = await createClient(server).send({ method: 'HEAD', key: 'a' })
    expect(head.headers['content-type']).toBe('a/a')
  })
})

describe('PostObject refuses and stores nothing', () => {
  test.each<[reason: string, fields: FormFields, expected: readonly [number, string]]>([
    ['no key', {}, [400, 'InvalidArgument']],
    ['an empty key', { key: '' }, [400, 'InvalidObjectName']],
    ['a key with a leading slash', { key: '/a' }, [400, 'InvalidObjectName']],
    ['an unknown storage class', { key: 'a', 'x-oss-storage-class': 'Warm' }, [400, 'InvalidArgument']],
    ['an unknown ACL', { key: 'a', 'x-oss-object-acl': 'mine' }, [400, 'InvalidArgument']],
    ['malformed tags', { key: 'a', 'x-oss-tagging': 'a=b=c' }, [400, 'InvalidArgument']],
    ['a line end in a header', { key: 'a', 'x-oss-meta-a': 'b\r\nc: d' }, [400, 'InvalidArgument']],
    ['a blank in the name of a header', { key: 'a', 'x-oss-meta-a b': 'c' }, [400, 'InvalidArgument']],
    ['a malformed callback', { key: 'a', callback: 'rubbish!' }, [400, 'InvalidArgument']],
    ['too low a traffic limit', { key: 'a', 'x-oss-traffic-limit': '1' }, [400, 'InvalidArgument']],
    ['too much metadata', { key: 'a', 'x-oss-meta-a': 'x'.repeat(8200) }, [400, 'MetadataTooLarge']],
  ])('%s', async (_, fields, expected) => {
    const server = await startServer(OPEN)
    const answer = await postForm(server, formOf(fields))
    expect([answer.status, answer.xml('Code')]).toEqual(expected)
    expect(await listAllFiles(join(server.dir, BUCKET))).toEqual([])
    expect(await listAllFiles(join(server.dir, '.sluice/staging'))).toEqual([])
  })

  test('what is not a form, a form that is too large, and one of unknown length', async () => {
    const server = await startServer({ ...OPEN, maxPutBytes: 500 })
    const send = async (headers: Record<string, string>, body: string): Promise<unknown[]> => {
      const answer = await sendRaw({ url: server.url, path: `/${BUCKET}`, method: 'POST', headers, body })
      return [answer.status, answer.xml('Code')]
    }
    expect(await send({}, '')).toEqual([400, 'RequestIsNotMultiPartContent'])
    expect(await send({ 'content-type': 'multipart/form-data; boundary=X' }, 'x'.repeat(501))).toEqual([
      400,
      'EntityTooLarge',
    ])
    const type = { 'content-type': 'multipart/form-data; boundary=X' }
    const post = { method: 'POST', headers: type, duplex: 'half', body: new Blob(['x']).stream() } as const
    expect((await fetch(`${server.url}/${BUCKET}`, post)).status).toBe(411)
  })
})

test('x-oss-forbid-overwrite leaves an existing object alone', async () => {
  const server = await startServer(OPEN)
  const fields = { key: 'a', 'x-oss-forbid-overwrite': 'true' }
  expect((await postForm(server, formOf(fields, 'old'))).status).toBe(204)
  const answer = await postForm(server, formOf(fields, 'new'))
  expect([answer.status, answer.xml('Code')]).toEqual([409, 'FileAlreadyExists'])
  expect((await createClient(server).send({ method: 'GET', key: 'a' })).text).toBe('old')
})

test('of two forms at once that may not overwrite one is stored', async () => {
  const server = await startServer(OPEN)
  const form = (): FormData => formOf({ key: 'a', 'x-oss-forbid-overwrite': 'true' }, 'x'.repeat(100_000))
  const answers = await Promise.all([postForm(server, form()), postForm(server, form())])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409])
})

test('a large file goes through whole', async () => {
  const server = await startServer()
  const bytes = Buffer.from(Uint8Array.from({ length: 5_000_000 }, (_, index) => (index * 7) % 251))
  await postForm(server, formOf({ key: 'a', ...signFormV4(openPolicy()) }, new Blob([bytes])))
  expect((await readFile(join(server.dir, BUCKET, 'a'))).equals(bytes)).toBe(true)
})

test('the access log has operation, key, key id and the bytes of the whole body', async () => {
  const server = await startServer()
  const signed = signFormV4(openPolicy())
  const fields = { key: 'up/${filename}', ...signed }
  await postForm(server, formOf(fields, 'abc', '$&.txt'))
  await postForm(server, formOf({ nothing: '' }))
  const [first, second] = await readLog(server.dir)
  expect(first).toMatchObject({
    method: 'POST',
    op: 'PostObject',
    bucket: BUCKET,
    key: 'up/$&.txt',
    accessKeyId: 'LTAI5tSluiceLocalOnly',
    status: 204,
    aborted: false,
  })
  expect(first?.bytesIn).toBeGreaterThan(1000)
  expect(second).toMatchObject({ op: 'PostObject', key: '', code: 'InvalidArgument' })
  const log = await readFile(join(server.dir, 'access.jsonl'), 'utf8')
  expect(log).not.toContain(signed['x-oss-signature'])
})

test('a page may post a form and read the answer, as CORS allows', async () => {
  const server = await startServer(OPEN)
  const headers = { origin: 'http://page.example' }
  const answer = await postForm(server, formOf({ key: 'a' }), { headers })
  expect(answer.headers['access-control-allow-origin']).toBe('http://page.example')
  await server.setCors(BUCKET, [])
  const closed = await postForm(server, formOf({ key: 'b' }), { headers })
  expect([closed.status, closed.headers['access-control-allow-origin']]).toEqual([204, undefined])
})
