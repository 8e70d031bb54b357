import { describe, expect, test } from 'vitest'
import { createEngineBench, PART } from '../../../../test/harness/engine-bench.ts'
import { createTestBrowser, requestFor } from '../../../../test/harness/test-engine.ts'
import type { EngineSettings, SignaturesRequest } from '../protocol/engine-api.ts'
import { UploadError } from '../protocol/errors.ts'
import type { EnginePorts } from './ports.ts'

const bench = createEngineBench()

const inBatches: Partial<EngineSettings> = { authorization: { kind: 'signatures', atATime: 10 } }

/** An application that has no keys to give away, and a note of what it was asked to sign. */
function application(
  sign: (request: SignaturesRequest) => Promise<unknown> = ({ requests }) => bench.oss.api.sign({ requests }),
): {
  readonly batches: readonly SignaturesRequest[]
  readonly ports: (ports: EnginePorts) => Partial<EnginePorts>
} {
  const batches: SignaturesRequest[] = []
  return {
    batches,
    ports: ({ getCredentials }) => ({
      getCredentials: async (request, signal) => {
        const { bucket, key, endpoint } = (await getCredentials(request, signal)) as Record<string, string>
        return { bucket, key, endpoint, mediaId: 'media' }
      },
      signRequests: async (request) => {
        batches.push(request)
        return sign(request)
      },
    }),
  }
}

/** What a request does, in short. */
const inShort = ({ requests }: SignaturesRequest): readonly string[] =>
  requests.map(({ method, query }) => {
    const items = Object.entries(query).filter(([name]) => name !== 'uploadId')
    return `${method} ${items.map((item) => item.join('=')).join()}`.trim()
  })

describe('requests that the application signs', () => {
  test('store a small file', async () => {
    const request = requestFor(10)
    const { ports, batches } = application()
    const page = await bench.upload(createTestBrowser(), request, { settings: inBatches, ports })
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'succeeded',
      result: { mediaId: 'media', crc64Verified: true },
    })
    expect(batches).toEqual([
      {
        localId: request.localId,
        mediaId: 'media',
        requests: [
          {
            method: 'PUT',
            bucket: 'sluice-test',
            key: request.name,
            query: {},
            headers: { 'content-type': 'application/octet-stream' },
          },
        ],
      },
    ])
    await bench.expectStored(request)
  })

  test('are signed ahead for the parts that come next', async () => {
    const request = requestFor(23 * PART, PART)
    const { ports, batches } = application()
    const page = await bench.upload(createTestBrowser(), request, { settings: inBatches, ports })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    const parts = (from: number, to: number): readonly string[] =>
      Array.from({ length: to - from + 1 }, (_, index) => `PUT partNumber=${from + index}`)
    expect(batches.map(inShort)).toEqual([
      ['POST uploads='],
      parts(1, 10),
      parts(11, 20),
      parts(21, 23),
      ['POST'],
    ])
    await bench.expectStored(request)
  })

  test('that are signed ahead are no wait: only the first of a batch is', async () => {
    const request = requestFor(6 * PART, PART)
    const { ports } = application()
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { ...inBatches, parallelParts: 1 },
      ports,
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    const waits = page
      .statesOf(request.localId)
      .flatMap((state) => (state.status === 'waiting' && state.reason !== 'locked' ? [state.during] : []))
    expect(waits).toEqual(['preparing', 'uploading', 'completing'])
  })

  test('are not asked for any more when the upload has failed', async () => {
    const request = requestFor(3 * PART, PART)
    const given: AbortSignal[] = []
    const { ports } = application()
    await bench.oss.api.orderFault({
      kind: 'status',
      status: 400,
      code: 'InvalidArgument',
      op: 'UploadPart',
      key: request.name,
    })
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { authorization: { kind: 'signatures', atATime: 1 } },
      ports: (base) => ({
        ...ports(base),
        signRequests: async ({ requests }, signal) => {
          // A server that never answers for the second part.
          if (requests[0]?.query['partNumber'] !== '2') return bench.oss.api.sign({ requests })
          given.push(signal)
          return new Promise(() => undefined)
        },
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'failed' })
    await page.when(() => given.every(({ aborted }) => aborted))
    expect(given).toHaveLength(1)
  })

  test('one by one are signed when they are sent', async () => {
    const request = requestFor(3 * PART, PART)
    const { ports, batches } = application()
    const settings = { authorization: { kind: 'signatures', atATime: 1 } } as const
    const page = await bench.upload(createTestBrowser(), request, { settings, ports })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(batches.flatMap(inShort)).toHaveLength(5)
    expect(batches.every(({ requests }) => requests.length === 1)).toBe(true)
  })

  test('whose signatures have ended are not sent, but signed again', async () => {
    const request = requestFor(4 * PART, PART)
    const { ports, batches } = application(({ requests }) =>
      bench.oss.api.sign({ requests, expiresInSeconds: 60 }),
    )
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { ...inBatches, parallelParts: 1 },
      ports: (given) => ({
        ...ports(given),
        partUploader: {
          async send(task, options) {
            const answer = await given.partUploader.send(task, options)
            // The first part takes longer than the signatures hold.
            if (batches.length === 2) page.clock.advance(58_000)
            return answer
          },
        },
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(batches.map(inShort).slice(1, 3)).toEqual([
      ['PUT partNumber=1', 'PUT partNumber=2', 'PUT partNumber=3', 'PUT partNumber=4'],
      ['PUT partNumber=2', 'PUT partNumber=3', 'PUT partNumber=4'],
    ])
    const log = await bench.oss.api.log({ key: request.name })
    expect(log.every(({ status }) => status === 200)).toBe(true)
  })

  test('that the service finds ended are signed again, and this is no failure', async () => {
    const request = requestFor(3 * PART, PART)
    let isFirst = true
    const { ports } = application(async ({ requests }) => {
      const isStale = isFirst && requests[0]?.query['partNumber'] !== undefined
      if (isStale) isFirst = false
      // An hour ago, as a cache would have kept them.
      return bench.oss.api.sign({ requests, ...(isStale ? { agoSeconds: 3600 } : {}) })
    })
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { ...inBatches, maxAttempts: 1 },
      ports,
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    const statuses = (await bench.oss.api.log({ key: request.name })).map(({ status }) => status)
    expect(statuses.filter((status) => status === 403).length).toBeGreaterThan(0)
  })

  test('go on in another page', async () => {
    const browser = createTestBrowser()
    const request = requestFor(6 * PART, PART)
    const first = application()
    const page = await bench.upload(browser, request, {
      settings: { ...inBatches, parallelParts: 1 },
      ports: (given) => ({
        ...first.ports(given),
        partUploader: {
          async send(task, options) {
            if ((await bench.oss.api.openParts({ key: request.name })) === 3) page.kill()
            return given.partUploader.send(task, options)
          },
        },
      }),
    })
    await page.when(() => first.batches.length === 2)
    while ((await bench.oss.api.openParts({ key: request.name })) < 3)
      await new Promise((resolve) => setImmediate(resolve))
    const second = application()
    const next = await bench.upload(browser, request, { settings: inBatches, ports: second.ports })
    expect(await next.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(next.asked.map(({ reason, mediaId }) => [reason, mediaId])).toEqual([['resume', 'media']])
    expect(second.batches.map(inShort)[0]).toEqual(['GET max-parts=1000,part-number-marker=0'])
    await bench.expectStored(request)
  })

  test('pause the upload when the application does not sign, and go on after resume()', async () => {
    const request = requestFor(3 * PART, PART)
    let isBroken = true
    const { ports, batches } = application(async ({ requests }) => {
      if (isBroken && requests[0]?.query['partNumber'] !== undefined)
        throw new UploadError('CREDENTIALS_FAILED', 'the server is away')
      return bench.oss.api.sign({ requests })
    })
    const page = await bench.upload(createTestBrowser(), request, { settings: inBatches, ports })
    await page.when(() => {
      page.clock.advance(1000)
      return page.statusesOf(request.localId).includes('paused')
    })
    expect(page.statesOf(request.localId).at(-1)).toMatchObject({
      error: { code: 'CREDENTIALS_FAILED', message: 'the server is away' },
    })
    // Initiate, and three attempts for the parts.
    expect(batches).toHaveLength(4)
    isBroken = false
    page.engine.resume(request.localId)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
  })

  test.each([
    ['fewer URLs than requests', async () => [], '1 requests were to be signed, got 0'],
    ['no list', async () => 'https://a.com', 'got none'],
    ['a path', async () => ['/key?signature=secret'], 'absolute URLs'],
    [
      'a URL of elsewhere',
      async () => ['https://a.com/key?signature=secret'],
      'a signed URL is of https://a.com',
    ],
    ['no URL', async () => [{ headers: {} }], 'url is missing'],
    [
      'a header with a line break',
      async () => [{ url: 'http://127.0.0.1', headers: { a: 'b\n' } }],
      'header',
    ],
  ])('answered by %s pause it with words', async (what, answer, words) => {
    const request = requestFor(10)
    const { ports } = application(async ({ requests }) => {
      const [url = ''] = await bench.oss.api.sign({ requests })
      return what.startsWith('a header') ? [{ url, headers: { a: 'b\n' } }] : answer()
    })
    const page = await bench.upload(createTestBrowser(), request, { settings: inBatches, ports })
    await page.when(() => {
      page.clock.advance(1000)
      return page.statusesOf(request.localId).includes('paused')
    })
    const state = page.statesOf(request.localId).at(-1)
    expect(state).toMatchObject({
      error: { code: 'CREDENTIALS_INVALID', message: expect.stringContaining(words) },
    })
    expect(JSON.stringify(state)).not.toContain('secret')
  })

  test.each([
    ['parts in another order', (urls: readonly string[]) => urls.toReversed()],
    [
      'the key of another upload',
      (urls: readonly string[]) => urls.map((url) => url.replace('engine-', 'other-')),
    ],
  ])('answered by %s pause it, rather than going where they do not belong', async (_, change) => {
    const request = requestFor(3 * PART, PART)
    const { ports } = application(async ({ requests }) => {
      const urls = await bench.oss.api.sign({ requests })
      return requests.length === 1 ? urls : change(urls)
    })
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { ...inBatches, checksum: 'none' },
      ports,
    })
    await page.when(() => {
      page.clock.advance(1000)
      return page.statusesOf(request.localId).some((status) => status === 'paused' || status === 'succeeded')
    })
    const state = page.statesOf(request.localId).at(-1)
    expect(state).toMatchObject({
      error: {
        code: 'CREDENTIALS_INVALID',
        message: expect.stringContaining('another key, upload or part'),
      },
    })
    expect(JSON.stringify(state)).not.toContain('signature=')
  })

  test('may be signed by headers', async () => {
    const request = requestFor(10)
    const { ports } = application(async ({ requests }) => {
      const [url = ''] = await bench.oss.api.sign({ requests })
      return [{ url, headers: { 'Cache-Control': 'no-cache' } }]
    })
    const page = await bench.upload(createTestBrowser(), request, { settings: inBatches, ports })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(await bench.oss.api.stored({ key: request.name })).toMatchObject({
      headers: { 'cache-control': 'no-cache' },
    })
  })
})
