import { afterEach, expect, test } from 'vitest'
import { createEngineBench } from '../../../../test/harness/engine-bench.ts'
import { createTestBrowser, MIB, requestFor, startTestEngine } from '../../../../test/harness/test-engine.ts'
import type { TestEngine, TestEngineOptions } from '../../../../test/harness/test-engine.ts'
import type { AddRequest } from '../protocol/engine-api.ts'
import { ServiceError } from '../protocol/errors.ts'
import { sizeOf } from '../http/http-client.ts'
import type { EnginePorts } from './ports.ts'

const bench = createEngineBench()
let page: TestEngine
afterEach(() => page.kill())

async function start(request: AddRequest, options: Partial<TestEngineOptions>): Promise<void> {
  page = await startTestEngine({ oss: bench.oss, ...options })
  page.engine.add([request])
}

/** Each body takes as long as a link of this speed needs for it, by the engine's clock. */
function overLink(bytesPerSecond: number, onBody: (sizeBytes: number) => void) {
  return ({ partUploader }: EnginePorts): Partial<EnginePorts> => ({
    partUploader: {
      async send(task, options) {
        onBody(sizeOf(task.body))
        options.onProgress(1)
        const answer = await partUploader.send(task, options)
        page.clock.advance((sizeOf(task.body) / bytesPerSecond) * 1000)
        return answer
      },
    },
  })
}

test('over a slow link parts become smaller on the way, and another page goes on with them', async () => {
  const browser = createTestBrowser()
  const request = requestFor(40 * MIB)
  const sizes: number[] = []
  const settings = { parallelParts: 1 }
  await start(request, { browser, settings, ports: overLink(MIB / 4, (size) => sizes.push(size)) })
  await page.when(() => sizes.includes(MIB))
  page.kill()
  const before = sizes.length
  await start(request, { browser, settings, ports: overLink(MIB / 4, (size) => sizes.push(size)) })
  expect(await page.ends(request.localId)).toMatchObject({
    status: 'succeeded',
    result: { crc64Verified: true },
  })
  expect(sizes[0]).toBe(8 * MIB)
  expect(before).toBeLessThan(10)
  expect(new Set(sizes.slice(before))).toEqual(new Set([MIB]))
  await bench.expectStored(request)
})

test('a part size that the caller forces stays', async () => {
  const request = requestFor(40 * MIB, 4 * MIB)
  const sizes: number[] = []
  await start(request, { ports: overLink(MIB / 2, (size) => sizes.push(size)) })
  await page.ends(request.localId)
  expect(new Set(sizes)).toEqual(new Set([4 * MIB]))
})

test('a service that asks for less gets fewer parts at a time', async () => {
  const request = requestFor(20 * 102_400, 102_400)
  let underWay = 0
  let refusals = 0
  const seen: number[] = []
  await start(request, {
    settings: { parallelParts: 5, connectionsPerHost: 5, maxAttempts: 50 },
    ports: ({ partUploader }) => ({
      partUploader: {
        async send(task, options) {
          underWay += 1
          seen.push(underWay)
          try {
            if (underWay <= 2) return await partUploader.send(task, options)
            refusals += 1
            throw new ServiceError('less', {
              status: 503,
              serviceCode: 'UploadTrafficRateLimitExceeded',
              ec: '',
              requestId: '',
              serverTimeMs: undefined,
              retryAfterMs: undefined,
            })
          } finally {
            underWay -= 1
          }
        },
      },
    }),
  })
  const move = setInterval(() => page.clock.advance(500))
  expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
  clearInterval(move)
  // The third is refused, and the fourth and fifth are not even tried.
  expect(Math.max(...seen)).toBe(3)
  expect(refusals).toBeLessThan(10)
})

test('a limit of bytes per second is asked of the service, and kept where that takes bodies in a rush', async () => {
  const limits: (string | undefined)[] = []
  await start(requestFor(3 * 102_400, 102_400), {
    settings: { maxBytesPerSecond: 102_400 },
    ports: () => ({
      partUploader: {
        async send({ request }) {
          limits.push(request.headers['x-oss-traffic-limit'])
          return { response: { status: 200, headers: { etag: '"E"' }, body: '' }, crc64: '0' }
        },
      },
    }),
  })
  await page.when(() => limits.length === 1)
  for (const sent of [1, 2]) {
    page.clock.advance(990)
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(limits).toEqual(Array.from({ length: sent }, () => '819200'))
    page.clock.advance(10)
    await page.when(() => limits.length === sent + 1)
  }
})
