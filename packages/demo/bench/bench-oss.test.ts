import { once } from 'node:events'
import { createCrc64 } from '@sluice/worker'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBenchOss } from './bench-oss.ts'
import type { BenchOss } from './bench-oss.ts'
import { BLOCK_BYTES, makeBlock } from './content.ts'
import { createContentCrc64 } from './known-content.ts'

let oss: BenchOss
let url: string

beforeEach(async () => {
  const [noise, zeros] = [
    await createContentCrc64(makeBlock('noise')),
    await createContentCrc64(makeBlock('zeros')),
  ]
  oss = createBenchOss({ contents: { noise, zeros } })
  oss.server.listen(0, '127.0.0.1')
  await once(oss.server, 'listening')
  const address = oss.server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  oss.start({ delayMs: 0 })
})

afterEach(() => new Promise((resolve) => oss.server.close(resolve)))

const put = (path: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
  fetch(`${url}${path}`, { method: 'PUT', body })
const crc64Of = ({ headers }: Response): string | null => headers.get('x-oss-hash-crc64ecma')

test('tells the CRC-64 of objects of noise and of zeros', async () => {
  const hash = await createCrc64()
  const block = makeBlock('noise')
  const zeros = new Uint8Array(1000)
  expect(crc64Of(await put('/noise/a', block))).toBe(String(hash(block)))
  expect(crc64Of(await put('/bucket/zeros/a', zeros))).toBe(String(hash(zeros)))
  expect(oss.figures()).toMatchObject({
    requests: 2,
    storedObjects: 2,
    storedBytes: BLOCK_BYTES + 1000,
    operations: { PutObject: 2 },
  })
})

test('puts parts together, and tells the CRC-64 of the whole', async () => {
  const hash = await createCrc64()
  const block = makeBlock('noise')
  const initiated = await (await fetch(`${url}/noise/a?uploads`, { method: 'POST' })).text()
  const uploadId = /<UploadId>(.+)<\/UploadId>/.exec(initiated)?.[1]
  await put(`/noise/a?partNumber=2&uploadId=${uploadId}`, block.slice(0, 7))
  await put(`/noise/a?partNumber=1&uploadId=${uploadId}`, block)
  expect(oss.figures().storedBytes).toBe(0)
  const completed = await fetch(`${url}/noise/a?uploadId=${uploadId}`, { method: 'POST', body: '<parts/>' })
  const whole = new Uint8Array(Buffer.concat([block, block.slice(0, 7)]))
  expect(crc64Of(completed)).toBe(String(hash(whole)))
  expect(oss.figures()).toMatchObject({ storedBytes: BLOCK_BYTES + 7, receivedBytes: BLOCK_BYTES + 7 })
})

test('counts preflights apart, and refusals', async () => {
  await fetch(`${url}/noise/a`, { method: 'OPTIONS' })
  expect((await put('/noise/a?partNumber=1&uploadId=unknown', new Uint8Array(1))).status).toBe(404)
  expect(oss.figures()).toMatchObject({ preflights: 1, requests: 1, refused: 1, storedBytes: 0 })
})

test('a new run counts from nothing', async () => {
  await put('/noise/a', new Uint8Array(1))
  oss.start({ delayMs: 0 })
  expect(oss.figures()).toMatchObject({ requests: 0, receivedBytes: 0, firstByteAtMs: undefined })
})

test('holds answers back for as long as it is told', async () => {
  oss.start({ delayMs: 50 })
  const startedMs = performance.now()
  await put('/noise/a', new Uint8Array(1))
  // Timers may be early by their resolution.
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(49)
})
