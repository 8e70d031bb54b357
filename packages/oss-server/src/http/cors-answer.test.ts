import { describe, expect, test } from 'vitest'
import { createClient, sendRaw, type ClientAnswer } from '../testing/client.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'
import type { OssServer } from '../server.ts'
import { EXPOSED_HEADERS, type CorsRule } from './cors.ts'

const ORIGIN = 'https://app.example.com'
const RULE: CorsRule = {
  allowedOrigins: [ORIGIN],
  allowedMethods: ['PUT'],
  allowedHeaders: ['x-oss-*'],
  exposeHeaders: ['x-oss-request-id'],
  maxAgeSeconds: 60,
}

function preflight(
  server: OssServer,
  headers: Readonly<Record<string, string>>,
  path = `/${BUCKET}/a`,
): Promise<ClientAnswer> {
  return sendRaw({ url: server.url, path, method: 'OPTIONS', headers })
}

const asked = { origin: ORIGIN, 'access-control-request-method': 'PUT' }

describe('a preflight', () => {
  test('is allowed by the rule, without credentials and without an object', async () => {
    const server = await startServer({ buckets: { [BUCKET]: { cors: [RULE] } } })
    const headers = { ...asked, 'access-control-request-headers': 'x-oss-date, X-OSS-Meta-A' }
    const answer = await preflight(server, headers, `/${BUCKET}/none?partNumber=1&uploadId=none`)
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-oss-date, X-OSS-Meta-A',
      'access-control-expose-headers': 'x-oss-request-id',
      'access-control-max-age': '60',
    })
  })

  test.each<[reason: string, headers: Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example.com' }],
    ['another method', { 'access-control-request-method': 'POST' }],
    ['another header', { 'access-control-request-headers': 'x-oss-date,authorization' }],
  ])('is 403 for %s', async (_, headers) => {
    const server = await startServer({ buckets: { [BUCKET]: { cors: [RULE] } } })
    const answer = await preflight(server, { ...asked, ...headers })
    expect([answer.status, answer.xml('Code')]).toEqual([403, 'AccessForbidden'])
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  test('is 403 when CORS is off', async () => {
    const server = await startServer({ buckets: { [BUCKET]: { cors: [] } } })
    expect((await preflight(server, asked)).xml('Code')).toBe('AccessForbidden')
  })

  test.each([
    [{ 'access-control-request-method': 'PUT' }, 'Insufficient information. Origin request header needed.'],
    [{ origin: ORIGIN }, 'Insufficient information. Request Access-Control-Request-Method header needed.'],
  ])('is 400 when it lacks a header: %j', async (headers, message) => {
    const server = await startServer()
    const answer = await preflight(server, headers)
    expect([answer.status, answer.xml('Code'), answer.xml('Message')]).toEqual([400, 'BadRequest', message])
  })

  test('is 404 for a bucket that is not there', async () => {
    const server = await startServer()
    expect((await preflight(server, asked, '/nowhere/a')).xml('Code')).toBe('NoSuchBucket')
  })
})

describe('the real answer', () => {
  const put = { method: 'PUT', key: 'a', body: 'x' } as const

  test('of a bucket without rules of its own exposes what browsers need', async () => {
    const server = await startServer()
    const { headers } = await createClient(server).send({ ...put, headers: { origin: ORIGIN } })
    expect(headers['access-control-allow-origin']).toBe(ORIGIN)
    expect(headers['access-control-expose-headers']).toBe(EXPOSED_HEADERS.join(', '))
  })

  test('repeats the headers of the rule, also when it is an error', async () => {
    const server = await startServer({ buckets: { [BUCKET]: { cors: [RULE] } } })
    const client = createClient({ ...server, keys: { accessKeyId: 'nobody', accessKeySecret: 'x' } })
    const answer = await client.send({ ...put, headers: { origin: ORIGIN } })
    expect(answer.status).toBe(403)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-expose-headers': 'x-oss-request-id',
    })
  })

  test('has none of them when no rule fits, though the request was carried out', async () => {
    const server = await startServer({ buckets: { [BUCKET]: { cors: [RULE] } } })
    const client = createClient(server)
    const answer = await client.send({ ...put, headers: { origin: 'https://other.example.com' } })
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('x')
  })

  test('has none of them without an Origin', async () => {
    const server = await startServer()
    expect((await createClient(server).send(put)).headers).not.toHaveProperty('access-control-allow-origin')
  })

  test('says Vary when the bucket is told to, also without an Origin', async () => {
    const server = await startServer({ buckets: { [BUCKET]: { responseVary: true } } })
    expect((await createClient(server).send(put)).headers.vary).toBe('Origin')
  })
})

test('setCors() changes the rules of a running server, and they survive a restart', async () => {
  const server = await startServer()
  await server.setCors(BUCKET, [])
  expect((await preflight(server, asked)).status).toBe(403)
  await server.setCors(BUCKET, [RULE])
  expect((await preflight(server, asked)).status).toBe(200)
  await server.close()
  const restarted = await startServer({ dir: server.dir })
  const answer = await preflight(restarted, asked)
  expect(answer.headers['access-control-expose-headers']).toBe('x-oss-request-id')
})

test('setCors() refuses rules it does not understand, and buckets that are not there', async () => {
  const server = await startServer()
  await expect(server.setCors(BUCKET, [{ ...RULE, allowedOrigins: ['*.*'] }])).rejects.toThrow(
    'rules[0].allowedOrigins[0] must be a string with at most one *, got "*.*"',
  )
  await expect(server.setCors(BUCKET, [{ ...RULE, exposeHeaders: ['*'] }])).rejects.toThrow(
    'rules[0].exposeHeaders[0] must be a header name without wildcard, got "*"',
  )
  await expect(
    server.setCors(
      BUCKET,
      Array.from({ length: 11 }, () => RULE),
    ),
  ).rejects.toThrow('rules must be a list of at most 10')
  await expect(server.setCors('nowhere', [])).rejects.toThrow('there is no bucket nowhere')
})
