import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Agent } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ClientAnswer } from '../testing/client.ts'
import { formOf, openPolicy, postForm, signFormV4, type FormFields } from '../testing/form.ts'
import { openSocket } from '../testing/raw-socket.ts'
import { BUCKET, readLog, startServer } from '../testing/running-server.ts'
import type { OssServer } from '../server.ts'

const CONTENT = 'x'.repeat(100_000)

function post(server: OssServer, fields: FormFields = {}): Promise<ClientAnswer> {
  return postForm(server, formOf({ key: 'up/a', ...signFormV4(openPolicy()), ...fields }, CONTENT))
}

function breakage(answer: Promise<ClientAnswer>): Promise<string> {
  return answer.then(
    ({ status }) => `answered ${status}`,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )
}

async function stored(dir: string): Promise<string | undefined> {
  return readFile(join(dir, BUCKET, 'up/a'), 'utf8').catch(() => undefined)
}

test('a fault for PostObject hits forms by their key, and nothing else', async () => {
  const server = await startServer()
  const status = { kind: 'status', status: 503, code: 'Broken', op: 'PostObject' } as const
  server.faults.order({ ...status, keyPrefix: 'other/' })
  server.faults.order({ ...status, key: 'up/a' })
  expect((await post(server)).xml('Code')).toBe('Broken')
  expect(await stored(server.dir)).toBeUndefined()
  expect((await post(server)).status).toBe(204)
  expect((await readLog(server.dir)).map(({ op, key, faults }) => [op, key, faults])).toEqual([
    ['PostObject', 'up/a', ['status']],
    ['PostObject', 'up/a', []],
  ])
})

test('expired-token repeats the token of the form', async () => {
  const server = await startServer()
  const token = server.issueToken({ ttlSeconds: 60, bucket: BUCKET })
  server.faults.order({ kind: 'expired-token', op: 'PostObject' })
  const answer = await post(server, signFormV4(openPolicy(), token))
  expect([answer.xml('Code'), answer.xml('SecurityToken')]).toEqual([
    'SecurityTokenExpired',
    token.securityToken,
  ])
})

test('clock-skew lets the policy be expired', async () => {
  const server = await startServer()
  server.faults.order({ kind: 'clock-skew', offsetMs: 2 * 3_600_000, op: 'PostObject' })
  expect((await post(server)).xml('Message')).toBe('Invalid according to Policy: Policy expired.')
})

describe('reset breaks the connection and stores nothing', () => {
  test.each(['before-body', 'during-body', 'after-body'] as const)('%s', async (when) => {
    const server = await startServer()
    server.faults.order({ kind: 'reset', when, op: 'PostObject' })
    expect(await breakage(post(server))).toMatch(/ECONNRESET|EPIPE/)
    expect(await stored(server.dir)).toBeUndefined()
  })
})

test('lost-answer stores the file', async () => {
  const server = await startServer()
  server.faults.order({ kind: 'lost-answer', op: 'PostObject' })
  expect(await breakage(post(server))).toBe('ECONNRESET')
  expect(await stored(server.dir)).toBe(CONTENT)
})

test('corrupt-body turns one bit of the file, not of the form around it', async () => {
  const server = await startServer()
  server.faults.order({ kind: 'corrupt-body', op: 'PostObject' })
  expect((await post(server)).status).toBe(204)
  expect(await stored(server.dir)).toBe(`y${CONTENT.slice(1)}`)
})

test('wrong-crc, wrong-etag and missing-headers spoil the answer', async () => {
  const server = await startServer()
  const right = await post(server)
  server.faults.order({ kind: 'wrong-crc', op: 'PostObject' })
  server.faults.order({ kind: 'wrong-etag', op: 'PostObject' })
  server.faults.order({ kind: 'missing-headers', headers: ['Content-MD5'], op: 'PostObject' })
  const spoiled = await post(server)
  for (const name of ['x-oss-hash-crc64ecma', 'etag', 'content-md5']) {
    expect(spoiled.headers[name]).not.toBe(right.headers[name])
  }
})

test('callback-failed is 203', async () => {
  const server = await startServer()
  server.faults.order({ kind: 'callback-failed', op: 'PostObject' })
  const answer = await post(server)
  expect([answer.status, answer.xml('Code')]).toEqual([203, 'CallbackFailed'])
  expect(await stored(server.dir)).toBe(CONTENT)
})

describe('a body that does not come', () => {
  const HEAD = [
    `POST /${BUCKET} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: multipart/form-data; boundary=XX',
    'Content-Length: 1000',
    '\r\n',
  ].join('\r\n')
  const KEY = '--XX\r\nContent-Disposition: form-data; name="key"\r\n\r\nup/a\r\n'
  const FILE = '--XX\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'

  test.each([
    ['before its file', KEY, ''],
    ['within its file', KEY + FILE, 'up/a'],
  ])('is RequestTimeout, %s', async (_, body, key) => {
    const buckets = { [BUCKET]: { acl: 'public-read-write' } } as const
    const server = await startServer({ buckets, bodyIdleTimeoutMs: 50 })
    const socket = await openSocket(server.url)
    socket.write(HEAD + body)
    expect((await socket.received).text).toContain('<Code>RequestTimeout</Code>')
    expect(await readLog(server.dir)).toMatchObject([
      { op: 'PostObject', key, status: 400, code: 'RequestTimeout', bytesIn: body.length },
    ])
    expect(await stored(server.dir)).toBeUndefined()
  })
})

test('a connection goes on after a form was refused before its file was read', async () => {
  const server = await startServer()
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const refused = await postForm(server, formOf({ key: 'a' }, CONTENT), { agent })
  const fields = { key: 'up/a', ...signFormV4(openPolicy()) }
  const again = await postForm(server, formOf(fields, CONTENT), { agent })
  expect([refused.status, again.status]).toEqual([403, 204])
  expect(server.openConnections.peak).toBe(1)
})
