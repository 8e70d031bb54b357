import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { signV4 } from '../auth/signature-v4.ts'
import { LOCAL_ACCESS_KEY } from '../options.ts'
import { createClient, sendRaw } from '../testing/client.ts'
import { listAllFiles } from '../testing/files.ts'
import { formOf, openPolicy, postForm, signFormV1, signFormV4, type FormFields } from '../testing/form.ts'
import { BUCKET, readLog, startServer } from '../testing/running-server.ts'

const OPEN = { buckets: { [BUCKET]: { acl: 'public-read-write' } } } as const

describe.each([
  { version: 'V1', sign: signFormV1 },
  { version: 'V4', sign: signFormV4 },
])('PostObject signed with $version', ({ version, sign }) => {
  test('stores the file as PutObject does', async () => {
    const server = await startServer()
    const form = formOf({ key: 'folder/a.txt', ...sign(openPolicy()) }, '123456789')
    const answer = await postForm(server, form)
    expect([answer.status, answer.text]).toEqual([204, ''])
    const put = await createClient(server).send({ method: 'PUT', key: 'b', body: '123456789' })
    for (const name of ['etag', 'x-oss-hash-crc64ecma', 'content-md5']) {
      expect(answer.headers[name]).toBe(put.headers[name])
    }
    expect(await readFile(join(server.dir, BUCKET, 'folder/a.txt'), 'utf8')).toBe('123456789')
    const head = await createClient(server).send({ method: 'HEAD', key: 'folder/a.txt' })
    expect(head.headers).toMatchObject({
      'x-oss-object-type': 'Normal',
      'content-length': '9',
      'x-oss-storage-class': 'Standard',
    })
  })

  test('holds temporary credentials to their scope and their lifetime', async () => {
    let aheadMs = 0
    const server = await startServer({ now: () => Date.now() + aheadMs })
    const token = server.issueToken({ ttlSeconds: 60, bucket: BUCKET, keyPrefix: 'up/' })
    const post = async (key: string): Promise<unknown[]> => {
      const answer = await postForm(server, formOf({ key, ...sign(openPolicy(), token) }))
      return [answer.status, answer.xml('Code')]
    }
    expect(await post('up/a')).toEqual([204, undefined])
    expect(await post('other/a')).toEqual([403, 'AccessDenied'])
    aheadMs = 61_000
    expect(await post('up/a')).toEqual([403, 'SecurityTokenExpired'])
    expect((await readLog(server.dir)).map(({ accessKeyId }) => accessKeyId)).toEqual(
      Array.from({ length: 3 }, () => token.accessKeyId),
    )
  })

  test('refuses an unknown key id, a wrong signature, and a temporary key id without its token', async () => {
    const server = await startServer()
    const token = server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
    const { accessKeyId, accessKeySecret } = token
    const forms: FormFields[] = [
      sign(openPolicy(), { accessKeyId: 'nobody', accessKeySecret: 'x' }),
      { ...sign(openPolicy()), policy: signFormV1(openPolicy([{ key: 'a' }]))['policy'] ?? '' },
      sign(openPolicy(), { accessKeyId, accessKeySecret }),
      { ...sign(openPolicy(), token), 'x-oss-security-token': 'CAISrubbish' },
    ]
    const answers: unknown[] = []
    for (const form of forms) {
      const answer = await postForm(server, formOf({ key: 'a', ...form }))
      answers.push([answer.status, answer.xml('Code'), answer.xml('EC')])
    }
    expect(answers).toEqual([
      [403, 'InvalidAccessKeyId', '0002-00000902'],
      [403, 'SignatureDoesNotMatch', version === 'V1' ? '0002-00000040' : '0002-00000201'],
      [403, 'InvalidAccessKeyId', '0002-00000003'],
      [403, 'InvalidSecurityToken', '0002-00000004'],
    ])
    expect(await listAllFiles(join(server.dir, BUCKET))).toEqual([])
  })

  test('checks the form against its policy', async () => {
    const server = await startServer()
    const post = async (conditions: readonly unknown[]): Promise<unknown[]> => {
      const fields = { key: 'user/${filename}', ...sign(openPolicy(conditions)) }
      const answer = await postForm(server, formOf(fields, 'abc', 'me.png'))
      return [answer.status, answer.xml('Code'), answer.xml('Condition')?.replaceAll('&quot;', '"')]
    }
    expect(await post([['starts-with', '$key', 'user/']])).toEqual([204, undefined, undefined])
    expect(await post([['eq', '$key', 'user/\\${filename}']])).toEqual([204, undefined, undefined])
    expect(await post([{ key: 'user/${filename}' }])).toEqual([204, undefined, undefined])
    expect(await post([['starts-with', '$key', 'admin/']])).toEqual([
      403,
      'AccessDenied',
      '["starts-with", "$key", "admin/"]',
    ])
    expect(await post([{ bucket: 'other-bucket' }])).toEqual([
      403,
      'AccessDenied',
      '["eq", "$bucket", "other-bucket"]',
    ])
    expect(await post([['content-length-range', 4, 9]])).toEqual([400, 'EntityTooSmall', undefined])
    expect(await post([['content-length-range', 0, 2]])).toEqual([400, 'EntityTooLarge', undefined])
    expect(await post([['content-length-range', 3, 3]])).toEqual([204, undefined, undefined])
    expect(await listAllFiles(join(server.dir, '.sluice/staging'))).toEqual([])
  })

  test('refuses a policy that expired by the clock of the server', async () => {
    const server = await startServer({ now: () => Date.now() + 2 * 3_600_000 })
    const answer = await postForm(server, formOf({ key: 'a', ...sign(openPolicy()) }))
    expect([answer.status, answer.xml('Message')]).toEqual([
      403,
      'Invalid according to Policy: Policy expired.',
    ])
  })
})

describe('a form that is signed in part is InvalidArgument, whatever the bucket allows', () => {
  const v1 = signFormV1(openPolicy())
  const v4 = signFormV4(openPolicy())
  const without = (fields: FormFields, name: string): FormFields =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name))
  test.each<[reason: string, fields: FormFields, ec: string | undefined, argument: string | undefined]>([
    ['no OSSAccessKeyId', without(v1, 'OSSAccessKeyId'), '0002-00000706', 'OSSAccessKeyId'],
    ['an empty OSSAccessKeyId', { ...v1, OSSAccessKeyId: '' }, '0002-00000707', 'OSSAccessKeyId'],
    ['no policy', without(v1, 'policy'), '0002-00000702', 'policy'],
    ['no Signature', without(v1, 'Signature'), '0002-00000703', 'Signature'],
    ['an empty Signature', { ...v1, Signature: '' }, '0002-00000704', 'Signature'],
    ['V4: no policy', without(v4, 'policy'), '0002-00000702', 'policy'],
    ['V4: no signature', without(v4, 'x-oss-signature'), '0002-00000703', 'x-oss-signature'],
    ['V4: no version', without(v4, 'x-oss-signature-version'), undefined, 'x-oss-signature-version'],
    ['V4: no credential', without(v4, 'x-oss-credential'), undefined, 'x-oss-credential'],
    ['V4: no date', without(v4, 'x-oss-date'), undefined, 'x-oss-date'],
    ['V4: another version', { ...v4, 'x-oss-signature-version': 'OSS2' }, undefined, undefined],
    [
      'V4: a credential of nobody',
      { ...v4, 'x-oss-credential': '/20260102/cn-hangzhou/oss/aliyun_v4_request' },
      '0002-00000708',
      undefined,
    ],
    [
      'V4: a credential without date',
      { ...v4, 'x-oss-credential': 'a/today/cn-hangzhou/oss/aliyun_v4_request' },
      '0002-00000709',
      undefined,
    ],
    [
      'V4: a credential without end',
      { ...v4, 'x-oss-credential': 'a/20260102/cn-hangzhou/oss' },
      '0002-00000710',
      undefined,
    ],
    [
      'V4: another region',
      { ...v4, 'x-oss-credential': 'a/20260102/cn-beijing/oss/aliyun_v4_request' },
      undefined,
      undefined,
    ],
    [
      'V4: another product',
      { ...v4, 'x-oss-credential': 'a/20260102/cn-hangzhou/s3/aliyun_v4_request' },
      undefined,
      undefined,
    ],
    ['V4: a date of another day', { ...v4, 'x-oss-date': '20200102T030405Z' }, '0002-00000709', undefined],
  ])('%s', async (_, fields, ec, argument) => {
    const server = await startServer(OPEN)
    const answer = await postForm(server, formOf({ key: 'a', ...fields }))
    expect([answer.status, answer.xml('Code'), answer.xml('EC'), answer.xml('ArgumentName')]).toEqual([
      400,
      'InvalidArgument',
      ec,
      argument,
    ])
  })
})

test('a V4 policy has to name the fields of its credential', async () => {
  const server = await startServer()
  const { 'x-oss-date': date = '', 'x-oss-credential': credential = '' } = signFormV4(openPolicy())
  const scope = { date: date.slice(0, 8), region: 'cn-hangzhou', product: 'oss' }
  const policy = Buffer.from(JSON.stringify(openPolicy())).toString('base64')
  const answer = await postForm(
    server,
    formOf({
      key: 'a',
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
      'x-oss-credential': credential,
      'x-oss-date': date,
      policy,
      'x-oss-signature': signV4(LOCAL_ACCESS_KEY.accessKeySecret, scope, policy),
    }),
  )
  expect([answer.status, answer.xml('Message'), answer.xml('EC')]).toEqual([
    403,
    'Invalid according to Policy: Extra input fields: x-oss-signature-version',
    '0006-00000228',
  ])
})

test('a condition on the type sees the field, or else the type of the file part', async () => {
  const server = await startServer()
  const signed = signFormV4(openPolicy([['in', '$content-type', ['image/png']]]))
  const post = async (type: string, fields: FormFields): Promise<number> => {
    const form = formOf({ key: 'a', ...signed, ...fields }, new Blob(['abc'], { type }))
    return (await postForm(server, form)).status
  }
  expect(await post('image/png', {})).toBe(204)
  expect(await post('image/gif', {})).toBe(403)
  expect(await post('image/gif', { 'Content-Type': 'image/png' })).toBe(204)
  expect(await post('image/png', { 'Content-Type': 'image/gif' })).toBe(403)
})

test('an anonymous form is for buckets that everybody may write to', async () => {
  const open = await startServer(OPEN)
  expect((await postForm(open, formOf({ key: 'a' }))).status).toBe(204)
  for (const acl of ['private', 'public-read'] as const) {
    const server = await startServer({ buckets: { [BUCKET]: { acl } } })
    const answer = await postForm(server, formOf({ key: 'a' }))
    expect([answer.status, answer.xml('Code')]).toEqual([403, 'AccessDenied'])
  }
})

test('signatures in header and URL are not looked at', async () => {
  const server = await startServer(OPEN)
  const answer = await postForm(server, formOf({ key: 'a' }), {
    path: `/${BUCKET}?OSSAccessKeyId=nobody&Signature=x&Expires=1`,
    headers: { authorization: 'OSS nobody:rubbish' },
  })
  expect(answer.status).toBe(204)
})

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
