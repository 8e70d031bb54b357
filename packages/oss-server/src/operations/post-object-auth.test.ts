import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { signV4 } from '../auth/signature-v4.ts'
import { LOCAL_ACCESS_KEY } from '../options.ts'
import { createClient } from '../testing/client.ts'
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
