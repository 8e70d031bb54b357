import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createOssServer } from '@sluice/oss-server'
import type { OssServer } from '@sluice/oss-server'
import { createClient, sendRaw } from '../../../oss-server/src/testing/client.ts'
import type { ClientAnswer, TestClient } from '../../../oss-server/src/testing/client.ts'
import { BUCKET } from '../../../oss-server/src/testing/running-server.ts'
import { createApi } from '../http/api.ts'
import { listenOnLoopback } from '../http/listen-on-loopback.ts'
import type { LoopbackServer } from '../http/listen-on-loopback.ts'
import { createLocalVodService } from '../vod/local-vod-service.ts'
import { openMediaRegistry } from '../vod/media-registry.ts'
import { createTrouble } from './trouble.ts'
import type { TroubleKind } from './trouble.ts'

const MIB = 1024 ** 2

let folder: string
let oss: OssServer
let service: LoopbackServer
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-trouble-'))
  oss = await createOssServer({ dir: path.join(folder, 'oss'), port: 0, buckets: { [BUCKET]: {} } })
  const media = await openMediaRegistry(path.join(folder, 'media.jsonl'))
  const api = createApi({
    vod: createLocalVodService({ oss, endpoint: oss.url, bucket: BUCKET, region: 'cn-hangzhou', media }),
    trouble: createTrouble(oss),
    hostId: 'vod.cn-shanghai.aliyuncs.com',
    allowsOrigin: () => true,
    onDefect: (error) => {
      throw error
    },
  })
  service = await listenOnLoopback(api, 0)
})
afterEach(async () => {
  await Promise.all([service.close(), oss.close()])
  await rm(folder, { recursive: true })
})

const call = (name: string, method: string, body?: object): Promise<Response> =>
  fetch(`http://127.0.0.1:${service.port}/api/${name}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

const order = async (kind: TroubleKind): Promise<unknown> => {
  const response = await call('trouble', 'POST', { kind })
  expect(response.status).toBe(200)
  return response.json()
}
const current = async (): Promise<unknown> => (await call('trouble', 'GET')).json()
const end = async (): Promise<unknown> => (await call('trouble', 'DELETE')).json()

interface Uploader extends TestClient {
  readonly mediaId: string
  readonly key: string
  readonly put: (body?: string) => Promise<ClientAnswer>
}

/** A client with the credentials that the service hands out. */
async function authorize(mediaId?: string): Promise<Uploader> {
  const asked =
    mediaId === undefined ? call('create', 'POST', { name: 'a.mp4' }) : call('refresh', 'POST', { mediaId })
  const answer = (await (await asked).json()) as Record<'VideoId' | 'UploadAddress' | 'UploadAuth', string>
  const fieldsOf = (base64: string): Record<string, string> =>
    JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
  const { FileName: key = '' } = fieldsOf(answer.UploadAddress)
  const { AccessKeyId = '', AccessKeySecret = '', SecurityToken = '' } = fieldsOf(answer.UploadAuth)
  const keys = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken }
  const client = createClient({ url: oss.url, keys })
  return {
    ...client,
    mediaId: answer.VideoId,
    key,
    put: (body = 'x') => client.send({ method: 'PUT', key, body }),
  }
}

/** What became of a request: its status, with OSS's code if it has one, or the code with which the connection broke. */
function outcome(answer: Promise<ClientAnswer>): Promise<string> {
  return answer.then(
    (answered) => `${answered.status} ${answered.xml('Code') ?? ''}`.trim(),
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )
}

/** Until the first order that stands has met a request. */
async function untilHit(): Promise<void> {
  while (oss.faults.list()[0]?.hit === 0) await new Promise(setImmediate)
}

test('nothing is in force until it is ordered', async () => {
  expect(await current()).toEqual({ lasting: [] })
  expect(await outcome((await authorize()).put())).toBe('200')
})

test('expire-credentials ends those that were handed out, not those handed out after it', async () => {
  const before = await authorize()
  expect(await order('expire-credentials')).toEqual({ lasting: [] })
  expect(await outcome(before.put())).toBe('403 SecurityTokenExpired')
  expect(await outcome((await authorize(before.mediaId)).put())).toBe('200')
})

describe('drop-connections', () => {
  test('fails what is under way and its repetition, and nothing more', async () => {
    const client = await authorize()
    await order('slow-link')
    const underWay = outcome(client.put('x'.repeat(16 * MIB)))
    await untilHit()
    expect(await order('drop-connections')).toEqual({ lasting: ['slow-link'] })
    expect(await underWay).toBe('ECONNRESET')
    expect(await outcome(client.put())).toBe('ECONNRESET')
    expect(await outcome(client.put())).toBe('200')
  })

  test('leaves alone what comes later when nothing is under way', async () => {
    const client = await authorize()
    await order('drop-connections')
    expect(await outcome(client.put())).toBe('200')
  })
})

describe('unavailable', () => {
  test('refuses the next five parts or small files, and nothing else', async () => {
    const client = await authorize()
    expect(await order('unavailable')).toEqual({ lasting: [] })
    const uploadId = await client.initiate(client.key)
    const part = (partNumber: number): Promise<string> =>
      outcome(client.putPart(client.key, uploadId, partNumber, 'x'))
    const outcomes = [await part(1), await part(2), await outcome(client.put()), await part(1), await part(1)]
    expect(outcomes).toEqual(outcomes.map(() => '503 ServiceUnavailable'))
    expect([await part(1), await outcome(client.put())]).toEqual(['200', '200'])
  })

  test('ordered again is five from then on: no more than Sluice bears of one request', async () => {
    const client = await authorize()
    await order('unavailable')
    await order('unavailable')
    const outcomes = []
    for (let attempt = 1; attempt <= 6; attempt++) outcomes.push(await outcome(client.put()))
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => '503 ServiceUnavailable'), '200'])
  })
})

describe('corrupt-answer', () => {
  const stored = (key: string): Promise<string> => readFile(path.join(folder, 'oss', BUCKET, key), 'utf8')
  const crcOf = ({ headers }: ClientAnswer): unknown => headers['x-oss-hash-crc64ecma']

  test('damages the next file once, which its CRC-64 tells', async () => {
    const client = await authorize()
    expect(await order('corrupt-answer')).toEqual({ lasting: [] })
    const damaged = await client.put('123456789')
    expect(await stored(client.key)).not.toBe('123456789')
    const whole = await client.put('123456789')
    expect(await stored(client.key)).toBe('123456789')
    // The check value of CRC-64/XZ.
    expect(crcOf(whole)).toBe('11051210869376104954')
    expect(damaged.status).toBe(200)
    expect(crcOf(damaged)).not.toBe(crcOf(whole))
  })

  test('damages it also when it is ordered twice', async () => {
    const client = await authorize()
    await order('corrupt-answer')
    await order('corrupt-answer')
    await client.put('123456789')
    expect(await stored(client.key)).not.toBe('123456789')
  })

  test('damages the next part once, and no file after it', async () => {
    const client = await authorize()
    await order('corrupt-answer')
    const uploadId = await client.initiate(client.key)
    const part = (): Promise<ClientAnswer> => client.putPart(client.key, uploadId, 1, '123456789')
    const [damaged, whole] = [await part(), await part()]
    expect(crcOf(damaged)).not.toBe(crcOf(whole))
    expect(crcOf(await client.put('123456789'))).toBe(crcOf(whole))
  })
})

describe('slow-link', () => {
  test('takes 1 MiB/s of a connection as long as it lasts', async () => {
    const client = await authorize()
    expect(await order('slow-link')).toEqual({ lasting: ['slow-link'] })
    expect(await current()).toEqual({ lasting: ['slow-link'] })
    for (let round = 1; round <= 2; round++) {
      const beganAtMs = performance.now()
      await client.put('x'.repeat(MIB / 4))
      expect(performance.now() - beganAtMs).toBeGreaterThan(240)
    }
  })

  test('lets go what is under way when it is ended, also if it was ordered twice', async () => {
    const client = await authorize()
    await order('slow-link')
    // Far longer than a test may take.
    const underWay = outcome(client.put('x'.repeat(64 * MIB)))
    await untilHit()
    expect(await order('slow-link')).toEqual({ lasting: ['slow-link'] })
    expect(oss.faults.list()).toHaveLength(1)
    expect(await end()).toEqual({ lasting: [] })
    expect(await underWay).toBe('200')
  })
})

describe('offline', () => {
  test('resets what is under way and whatever is tried, preflights too, until it is ended', async () => {
    const client = await authorize()
    await order('slow-link')
    const underWay = outcome(client.put('x'.repeat(16 * MIB)))
    await untilHit()
    expect(await order('offline')).toEqual({ lasting: ['slow-link', 'offline'] })
    expect(await current()).toEqual({ lasting: ['slow-link', 'offline'] })
    expect(await underWay).toBe('ECONNRESET')
    expect(await outcome(client.put())).toBe('ECONNRESET')
    const preflight = { url: oss.url, path: `/${BUCKET}/${client.key}`, method: 'OPTIONS' }
    expect(await outcome(sendRaw(preflight))).toBe('ECONNRESET')
    expect(await end()).toEqual({ lasting: [] })
    expect(await outcome(client.put())).toBe('200')
  })
})

test('DELETE takes back what no request has met yet', async () => {
  const client = await authorize()
  await order('unavailable')
  await order('corrupt-answer')
  expect(await end()).toEqual({ lasting: [] })
  expect(await outcome(client.put('123456789'))).toBe('200')
  expect(await readFile(path.join(folder, 'oss', BUCKET, client.key), 'utf8')).toBe('123456789')
})

test.each<[body: object, code: string, message: string]>([
  [
    { kind: 'earthquake' },
    'InvalidParameter',
    'kind is not valid: it must be one of expire-credentials, drop-',
  ],
  [{}, 'MissingParameter', 'kind'],
  [{ kind: 7 }, 'InvalidParameter', 'a text'],
])('%j is refused with 400 %s, and orders nothing', async (body, code, message) => {
  const response = await call('trouble', 'POST', body)
  expect([response.status, await response.json()]).toEqual([
    400,
    expect.objectContaining({ Code: code, Message: expect.stringContaining(message) }),
  ])
  expect(oss.faults.list()).toEqual([])
})

test('another method is refused, naming those that there are', async () => {
  const response = await call('trouble', 'PUT', {})
  expect([response.status, await response.json()]).toEqual([
    405,
    expect.objectContaining({ Message: expect.stringContaining('GET, POST, DELETE') }),
  ])
})
