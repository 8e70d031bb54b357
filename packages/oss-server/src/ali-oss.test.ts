import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import OSS from 'ali-oss'
import { describe, expect, test, vi } from 'vitest'
import { LOCAL_ACCESS_KEY } from './options.ts'
import { sendRaw } from './testing/client.ts'
import { formOf, openPolicy, postForm } from './testing/form.ts'
import { BUCKET, readLog, startServer } from './testing/running-server.ts'
import type { IssuedToken, OssServer } from './server.ts'

const PART_BYTES = 102_400

/** Five parts, the last of them short; no two parts alike. */
const FILE = Buffer.from(
  Uint8Array.from({ length: 4 * PART_BYTES + 1000 }, (_, index) => (index * 7 + (index >> 10)) % 256),
)

function createOssClient(
  server: OssServer,
  authorizationV4: boolean,
  token?: IssuedToken,
  endpoint = server.url,
): OSS {
  const keys = token === undefined ? LOCAL_ACCESS_KEY : { ...token, stsToken: token.securityToken }
  // `authorizationV4` and `bucket` on an IP endpoint are missing from the published types.
  const options = {
    ...keys,
    region: 'oss-cn-hangzhou',
    endpoint,
    bucket: BUCKET,
    authorizationV4,
    refreshSTSTokenInterval: 0,
  }
  return new OSS(options)
}

const POST_CONDITIONS = [{ bucket: BUCKET }, ['starts-with', '$key', 'up/']]

function postFieldsV1(client: OSS, token: IssuedToken | undefined): Record<string, string> {
  return {
    ...client.calculatePostSignature(openPolicy(POST_CONDITIONS)),
    ...(token !== undefined && { 'x-oss-security-token': token.securityToken }),
  }
}

function postFieldsV4(client: OSS, token: IssuedToken | undefined): Record<string, string> {
  const now = new Date()
  const date = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const { accessKeyId } = token ?? LOCAL_ACCESS_KEY
  const fields = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${accessKeyId}/${date.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`,
    'x-oss-date': date,
    ...(token !== undefined && { 'x-oss-security-token': token.securityToken }),
  }
  const named = Object.entries(fields).map(([name, value]) => ({ [name]: value }))
  const policy = openPolicy([...POST_CONDITIONS, ...named])
  return {
    ...fields,
    policy: Buffer.from(JSON.stringify(policy)).toString('base64'),
    // Missing from the published types.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the package documents
    'x-oss-signature': (client as OSS & PostSigner).signPostObjectPolicyV4(policy, now),
  }
}

interface PostSigner {
  signPostObjectPolicyV4(policy: object, date: Date): string
}

// It advises to refresh tokens on the console.
vi.spyOn(console, 'warn').mockImplementation(() => undefined)

describe.each([
  { version: 'V1', authorizationV4: false },
  { version: 'V4', authorizationV4: true },
])('ali-oss with $version', ({ authorizationV4 }) => {
  test('put, get, head, delete, list', async () => {
    const server = await startServer()
    const client = createOssClient(server, authorizationV4)
    const name = "folder/中文 a+b~c'(d)!*.txt"
    const put = await client.put(name, Buffer.from('hello'), { headers: { 'Content-Type': 'text/plain' } })
    expect(put.res.status).toBe(200)
    expect(await readFile(join(server.dir, BUCKET, name), 'utf8')).toBe('hello')
    expect(String((await client.get(name)).content)).toBe('hello')
    expect((await client.head(name)).status).toBe(200)
    const listed = await client.listV2({ prefix: 'folder/' }, {})
    expect(listed.objects.map((object: { readonly name: string }) => object.name)).toEqual([name])
    await client.delete(name)
    await expect(client.head(name)).rejects.toMatchObject({ status: 404, code: 'NoSuchKey' })
  })

  test('put with a security token, and outside its scope', async () => {
    const server = await startServer()
    const token = server.issueToken({ ttlSeconds: 60, bucket: BUCKET, keyPrefix: 'up/' })
    const client = createOssClient(server, authorizationV4, token)
    expect((await client.put('up/a', Buffer.from('x'))).res.status).toBe(200)
    await expect(client.put('other/a', Buffer.from('x'))).rejects.toMatchObject({
      status: 403,
      code: 'AccessDenied',
    })
  })

  test('multipartUpload', async () => {
    const server = await startServer()
    const client = createOssClient(server, authorizationV4)
    const options = { partSize: PART_BYTES, headers: { 'x-oss-meta-a': 'b' }, mime: 'video/mp4' }
    const result = await client.multipartUpload('big', FILE, options)
    expect(result.res.status).toBe(200)
    expect((await readFile(join(server.dir, BUCKET, 'big'))).equals(FILE)).toBe(true)
    expect((await client.head('big')).res.headers).toMatchObject({
      'content-type': 'video/mp4',
      'x-oss-meta-a': 'b',
    })
  })

  test('a multipartUpload that broke is resumed and sends no finished part again', async () => {
    const server = await startServer()
    const client = createOssClient(server, authorizationV4)
    server.faults.order({
      kind: 'status',
      status: 400,
      code: 'Broken',
      op: 'UploadPart',
      partNumber: 4,
      times: 'always',
    })
    let checkpoint: OSS.Checkpoint | undefined
    const options = {
      partSize: PART_BYTES,
      parallel: 1,
      progress: (_: number, latest: OSS.Checkpoint) => {
        checkpoint = latest
      },
    }
    await expect(client.multipartUpload('big', FILE, options)).rejects.toMatchObject({ code: 'Broken' })
    expect(checkpoint?.doneParts.map(({ number }: { readonly number: number }) => number)).toEqual([1, 2, 3])
    server.faults.clear()
    const before = (await readLog(server.dir)).length
    await client.multipartUpload('big', FILE, { ...options, ...(checkpoint && { checkpoint }) })
    const resumed = (await readLog(server.dir)).slice(before)
    expect(resumed.map(({ op, partNumber }) => [op, partNumber])).toEqual([
      ['UploadPart', 4],
      ['UploadPart', 5],
      ['CompleteMultipartUpload', null],
    ])
    expect((await readFile(join(server.dir, BUCKET, 'big'))).equals(FILE)).toBe(true)
  })

  test('a form with its post signature', async () => {
    const server = await startServer()
    const token = server.issueToken({ ttlSeconds: 60, bucket: BUCKET, keyPrefix: 'up/' })
    for (const issued of [undefined, token]) {
      const client = createOssClient(server, authorizationV4, issued)
      const fields = authorizationV4 ? postFieldsV4(client, issued) : postFieldsV1(client, issued)
      const form = formOf({ key: 'up/中文.txt', ...fields, success_action_status: '200' }, 'from a form')
      expect((await postForm(server, form)).status).toBe(200)
      expect(String((await client.get('up/中文.txt')).content)).toBe('from a form')
      const altered = formOf({ key: 'other', ...fields })
      expect((await postForm(server, altered)).xml('Code')).toBe('AccessDenied')
    }
  })

  test('listParts, listUploads, abortMultipartUpload', async () => {
    const server = await startServer()
    const client = createOssClient(server, authorizationV4)
    const { uploadId } = await client.initMultipartUpload('big')
    const first = await client.uploadPart('big', uploadId, 1, FILE, 0, PART_BYTES)
    const second = await client.uploadPart('big', uploadId, 2, FILE, PART_BYTES, 2 * PART_BYTES)
    const listed = await client.listParts('big', uploadId)
    expect(listed.parts).toMatchObject([
      { PartNumber: '1', ETag: first.etag, Size: String(PART_BYTES) },
      { PartNumber: '2', ETag: second.etag, Size: String(PART_BYTES) },
    ])
    const uploads = await client.listUploads({ 'max-uploads': 10 })
    expect(uploads.uploads).toMatchObject([{ name: 'big', uploadId }])
    await client.abortMultipartUpload('big', uploadId)
    await expect(client.listParts('big', uploadId)).rejects.toMatchObject({
      status: 404,
      code: 'NoSuchUpload',
    })
  })

  test('append', async () => {
    const server = await startServer()
    const client = createOssClient(server, authorizationV4)
    const first = await client.append('log', Buffer.from('one'))
    const second = await client.append('log', Buffer.from('two'), { position: first.nextAppendPosition })
    expect(second.nextAppendPosition).toBe('6')
    expect(await readFile(join(server.dir, BUCKET, 'log'), 'utf8')).toBe('onetwo')
    await expect(client.append('log', Buffer.from('x'), { position: '1' })).rejects.toMatchObject({
      status: 409,
      code: 'PositionNotEqualToLength',
    })
  })

  test('signatureUrl, in the header of its virtual host', async () => {
    const server = await startServer()
    const token = server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
    for (const issued of [undefined, token]) {
      const client = createOssClient(server, authorizationV4, issued, `http://localhost:${server.port}`)
      const name = '中文/a+b c.txt'
      const sign = (method: 'PUT' | 'GET'): string | Promise<string> =>
        authorizationV4
          ? client.signatureUrlV4(method, 60, { headers: {} }, name)
          : client.signatureUrl(name, { method, expires: 60 })
      for (const method of ['PUT', 'GET'] as const) {
        const { host, pathname, search } = new URL(await sign(method))
        expect(host).toBe(`${BUCKET}.localhost:${server.port}`)
        const answer = await sendRaw({
          url: server.url,
          path: pathname + search,
          method,
          headers: { host },
          ...(method === 'PUT' && { body: 'signed' }),
        })
        expect([answer.status, answer.text]).toEqual([200, method === 'PUT' ? '' : 'signed'])
      }
    }
  })
})
