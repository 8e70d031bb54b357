import { describe, expect, test } from 'vitest'
import { createClient, sendRaw, type ClientAnswer, type TestClient } from '../testing/client.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'

type Headers = Readonly<Record<string, string>>
type Make = (client: TestClient, headers: Headers) => Promise<ClientAnswer>

const MAKE: Readonly<Record<string, Make>> = {
  PutObject: (client, headers) => client.send({ method: 'PUT', key: 'a', headers, body: 'abc' }),
  AppendObject: (client, headers) =>
    client.send({ method: 'POST', key: 'a', query: { append: '', position: '0' }, headers, body: 'abc' }),
  InitiateMultipartUpload: async (client, headers) => {
    const begun = await client.send({ method: 'POST', key: 'a', query: { uploads: '' }, headers })
    const uploadId = begun.xml('UploadId')
    if (uploadId === undefined) return begun
    const part = await client.putPart('a', uploadId, 1, 'abc')
    return client.complete('a', uploadId, { 1: String(part.headers['etag']) })
  },
}

describe.each(Object.entries(MAKE))('with %s', (_, make) => {
  test('an object comes back with the headers that it was made with', async () => {
    const client = createClient(await startServer())
    const headers = {
      'content-type': 'video/mp4',
      'cache-control': 'max-age=60',
      'content-disposition': 'attachment; filename="a.mp4"',
      'content-encoding': 'identity',
      'content-language': 'zh-CN',
      expires: 'Wed, 28 Dec 2022 10:27:41 GMT',
      'x-oss-meta-owner': 'me',
      'x-oss-storage-class': 'IA',
    }
    expect((await make(client, headers)).status).toBe(200)
    for (const method of ['HEAD', 'GET']) {
      expect((await client.send({ method, key: 'a' })).headers).toMatchObject(headers)
    }
  })

  test('an object has the ACL and the tags that it was made with', async () => {
    const client = createClient(await startServer())
    const headers = { 'x-oss-object-acl': 'public-read', 'x-oss-tagging': 'a=1&b%2Fc=2+%2B&d' }
    expect((await make(client, headers)).status).toBe(200)
    const acl = await client.send({ method: 'GET', key: 'a', query: { acl: '' } })
    expect([acl.xml('Grant'), acl.xml('ID')]).toEqual(['public-read', '0000000000000000'])
    const tagging = await client.send({ method: 'GET', key: 'a', query: { tagging: '' } })
    expect([tagging.xmlAll('Key'), tagging.xmlAll('Value')]).toEqual([
      ['a', 'b/c', 'd'],
      ['1', '2 +', ''],
    ])
    expect((await client.send({ method: 'HEAD', key: 'a' })).headers).toMatchObject({
      'x-oss-tagging-count': '3',
    })
  })

  test('an object made without them has the ACL of its bucket and no tags', async () => {
    const client = createClient(await startServer())
    await make(client, {})
    expect((await client.send({ method: 'GET', key: 'a', query: { acl: '' } })).xml('Grant')).toBe('default')
    expect((await client.send({ method: 'GET', key: 'a', query: { tagging: '' } })).text).toContain(
      '<Tagging><TagSet></TagSet></Tagging>',
    )
    const head = await client.send({ method: 'HEAD', key: 'a' })
    expect(head.headers['x-oss-tagging-count']).toBeUndefined()
  })

  test.each<[reason: string, headers: Headers, code: string, ec: string | undefined]>([
    ['an unknown ACL', { 'x-oss-object-acl': 'mine' }, 'InvalidArgument', undefined],
    ['an unknown storage class', { 'x-oss-storage-class': 'Warm' }, 'InvalidArgument', undefined],
    ['two = in a tag', { 'x-oss-tagging': 'aa=bb=cc' }, 'InvalidArgument', '0010-00000219'],
    ['a tag without a key', { 'x-oss-tagging': '=a' }, 'InvalidArgument', '0010-00000219'],
    ['a malformed escape', { 'x-oss-tagging': 'a=%zz' }, 'InvalidArgument', '0010-00000219'],
    ['a character not for tags', { 'x-oss-tagging': 'a%26=b' }, 'InvalidTaggingKey', undefined],
    ['a key of 129 characters', { 'x-oss-tagging': `${'a'.repeat(129)}=b` }, 'InvalidTaggingKey', undefined],
    ['a value of 257', { 'x-oss-tagging': `a=${'b'.repeat(257)}` }, 'InvalidArgument', '0010-00000217'],
    ['a key twice', { 'x-oss-tagging': 'a=1&a=2' }, 'InvalidArgument', '0010-00000217'],
    ['eleven tags', { 'x-oss-tagging': 'a&b&c&d&e&f&g&h&i&j&k' }, 'InvalidArgument', '0010-00000217'],
  ])('%s is refused', async (_reason, headers, code, ec) => {
    const client = createClient(await startServer())
    const answer = await make(client, headers)
    expect([answer.status, answer.xml('Code'), answer.xml('EC')]).toEqual([400, code, ec])
    expect((await client.send({ method: 'HEAD', key: 'a' })).status).toBe(404)
  })
})

test('what an object was made with outlives a restart', async () => {
  const first = await startServer()
  const headers = { 'x-oss-object-acl': 'private', 'x-oss-tagging': 'a=1', 'x-oss-meta-b': 'c' }
  await createClient(first).send({ method: 'PUT', key: 'a', headers })
  await first.close()
  const client = createClient(await startServer({ dir: first.dir }))
  expect((await client.send({ method: 'HEAD', key: 'a' })).headers).toMatchObject({
    'x-oss-meta-b': 'c',
    'x-oss-tagging-count': '1',
  })
  expect((await client.send({ method: 'GET', key: 'a', query: { acl: '' } })).xml('Grant')).toBe('private')
})

test('ACL and tags of an object that is not there are NoSuchKey', async () => {
  const client = createClient(await startServer())
  for (const name of ['acl', 'tagging']) {
    const answer = await client.send({ method: 'GET', key: 'a', query: { [name]: '' } })
    expect([answer.status, answer.xml('Code')]).toEqual([404, 'NoSuchKey'])
  }
})

test('for anonymous requests the ACL of an object comes before that of its bucket', async () => {
  const server = await startServer({ buckets: { [BUCKET]: { acl: 'public-read' } } })
  const client = createClient(server)
  for (const acl of ['default', 'private', 'public-read', 'public-read-write']) {
    await client.send({ method: 'PUT', key: acl, headers: { 'x-oss-object-acl': acl }, body: 'abc' })
  }
  const statusOf = async (method: string, key: string): Promise<number> =>
    (await sendRaw({ url: server.url, path: `/${BUCKET}/${key}`, method })).status
  expect(await statusOf('GET', 'default')).toBe(200)
  expect(await statusOf('GET', 'private')).toBe(403)
  expect(await statusOf('GET', 'public-read')).toBe(200)
  expect(await statusOf('DELETE', 'public-read')).toBe(403)
  expect(await statusOf('DELETE', 'public-read-write')).toBe(204)
})
