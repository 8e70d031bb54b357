import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startOssFixture } from '../../../../test/harness/oss-fixture.ts'
import type { OssFixture } from '../../../../test/harness/oss-fixture.ts'
import { createTestBrowser, requestFor, startTestEngine } from '../../../../test/harness/test-engine.ts'
import type { TestEngine } from '../../../../test/harness/test-engine.ts'
import type { AddRequest } from '../protocol/engine-api.ts'
import { UploadError } from '../protocol/errors.ts'
import type { EnginePorts, PartUploader } from './ports.ts'

const PART = 100 * 1024

let oss: OssFixture
beforeAll(async () => {
  oss = await startOssFixture()
})
afterEach(() => oss.api.clearFaults())
afterAll(() => oss.close())

const operations = async ({ name }: AddRequest): Promise<readonly string[]> =>
  (await oss.api.log({ key: name })).map(({ op }) => op)
const sha256Of = async (file: Blob): Promise<string> =>
  createHash('sha256')
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest('hex')
const never = (): Promise<never> => new Promise(() => undefined)

/** Credentials that live three seconds by the engine's clock; the first answer comes, later ones as told. */
function shortLived(
  { getCredentials }: EnginePorts,
  later: (ask: () => Promise<unknown>, signal: AbortSignal) => Promise<unknown>,
): EnginePorts['getCredentials'] {
  return async (asked, signal) => {
    const ask = async (): Promise<object> => ({
      ...((await getCredentials(asked, signal)) as object),
      expiration: '3',
    })
    return asked.reason === 'create' ? ask() : later(ask, signal)
  }
}

async function start(
  request: AddRequest,
  ports: (base: EnginePorts, page: () => TestEngine) => Partial<EnginePorts>,
): Promise<TestEngine> {
  const page: TestEngine = await startTestEngine({
    oss,
    settings: { parallelParts: 1 },
    ports: (base) => ports(base, () => page),
  })
  page.engine.add([request])
  return page
}

describe('credentials that end', () => {
  test('while the object is put together do not keep the upload from having succeeded', async () => {
    const request = requestFor(3 * PART, PART)
    const page = await start(request, (base, self) => ({
      getCredentials: shortLived(base, () => Promise.reject(new UploadError('CREDENTIALS_FAILED', 'down'))),
      http: async (sent, body, options) => {
        const answer = await base.http(sent, body, options)
        if (sent.method === 'POST' && body !== undefined) self().clock.advance(10_000)
        return answer
      },
    }))
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'succeeded',
      result: { mediaId: 'video' },
    })
  })

  test('after a small file is stored do not have it sent again', async () => {
    const request = requestFor(10)
    const page = await start(request, (base, self) => ({
      getCredentials: shortLived(base, () => Promise.reject(new UploadError('CREDENTIALS_FAILED', 'down'))),
      partUploader: {
        async send(task, options) {
          const answer = await base.partUploader.send(task, options)
          self().clock.advance(10_000)
          return answer
        },
      },
    }))
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(await operations(request)).toEqual(['PutObject'])
  })

  test('do not keep a confirmed part out of the checkpoint', async () => {
    const browser = createTestBrowser()
    const request = requestFor(4 * PART, PART)
    let sent = 0
    let refreshes = 0
    const page: TestEngine = await startTestEngine({
      oss,
      browser,
      settings: { parallelParts: 1 },
      ports: (base) => ({
        getCredentials: shortLived(base, (ask) => {
          refreshes += 1
          return refreshes === 1 ? never() : ask()
        }),
        partUploader: {
          async send(task, options) {
            const answer = await base.partUploader.send(task, options)
            sent += 1
            if (sent === 2) page.clock.advance(10_000)
            return answer
          },
        },
      }),
    })
    page.engine.add([request])
    await page.when(() => sent === 2)
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    const records = (await browser.store.entries()).map(([, record]) => record)
    expect(records).toMatchObject([{ done: [{ partNumber: 1 }, { partNumber: 2 }] }])
    expect(await page.engine.cancel(request.localId)).toEqual({ ok: true, value: undefined })
    expect(page.statusesOf(request.localId).at(-1)).toBe('canceled')
    expect(await oss.api.openUploads({ key: request.name })).toEqual([])
  })

  test('and are being refreshed when the upload is paused and resumed are asked for anew', async () => {
    const request = requestFor(6 * PART, PART)
    const stopped: boolean[] = []
    const page = await start(request, (base, self) => ({
      getCredentials: shortLived(base, async (ask, signal) => {
        if (stopped.length > 0) return ask()
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            stopped.push(true)
            reject(signal.reason)
          })
        })
      }),
      partUploader: {
        async send(task, options) {
          const answer = await base.partUploader.send(task, options)
          if (task.request.url.includes('partNumber=2&')) self().clock.advance(10_000)
          return answer
        },
      },
    }))
    await page.when(() => page.asked.length === 1)
    const isWaiting = (): boolean => page.statesOf(request.localId).at(-1)?.status === 'uploading'
    await page.when(isWaiting)
    while ((await oss.api.openParts({ key: request.name })) < 2)
      await new Promise((resolve) => setImmediate(resolve))
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    page.engine.pause(request.localId)
    page.engine.resume(request.localId)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(stopped).toEqual([true])
    expect((await operations(request)).filter((op) => op === 'UploadPart')).toHaveLength(6)
  })
})

describe('the end of an upload', () => {
  test('is not settled by a service that does not answer the question for the object', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    const first = await startTestEngine({
      oss,
      browser,
      ports: ({ http }) => ({
        http: async (sent, body, options) => {
          const answer = await http(sent, body, options)
          return sent.method === 'POST' && body !== undefined ? never() : answer
        },
      }),
    })
    first.engine.add([request])
    while (!(await operations(request)).includes('CompleteMultipartUpload')) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    first.kill()
    await oss.api.orderFault({
      kind: 'status',
      status: 503,
      code: 'ServiceUnavailable',
      op: 'HeadObject',
      times: 2,
    })
    const page = await startTestEngine({ oss, browser })
    page.engine.add([request])
    await page.when(() => {
      page.clock.advance(1000)
      return page.statusesOf(request.localId).at(-1) === 'succeeded'
    })
    expect((await operations(request)).filter((op) => op === 'UploadPart')).toHaveLength(3)
  })

  test('by cancel during a Complete that fails leaves nothing on the service', async () => {
    const request = requestFor(3 * PART, PART)
    await oss.api.orderFault({
      kind: 'status',
      status: 400,
      code: 'InvalidArgument',
      op: 'CompleteMultipartUpload',
    })
    const canceled: Promise<unknown>[] = []
    const page = await start(request, (base, self) => ({
      http: (sent, body, options) => {
        if (sent.method === 'POST' && body !== undefined) canceled.push(self().engine.cancel(request.localId))
        return base.http(sent, body, options)
      },
    }))
    expect(await page.ends(request.localId)).toMatchObject({ status: 'canceled' })
    expect(await Promise.all(canceled)).toEqual([{ ok: true, value: undefined }])
    expect(await oss.api.openUploads({ key: request.name })).toEqual([])
  })

  test('by cancel comes at once when the file cannot be read', async () => {
    const request = requestFor(3 * PART, PART)
    const stuck = new Proxy(request.file, {
      get: (file, name) => {
        if (name === 'slice') return () => Object.assign(new Blob(['x']), { arrayBuffer: never })
        const value: unknown = Reflect.get(file, name)
        return typeof value === 'function' ? (value.bind(file) as unknown) : value
      },
    })
    const page = await start({ ...request, partSizeBytes: undefined, file: stuck }, () => ({}))
    await page.when(() => page.statusesOf(request.localId).at(-1) === 'preparing')
    await page.engine.cancel(request.localId)
    expect(page.statusesOf(request.localId).at(-1)).toBe('canceled')
  })
})

test('cancel() of an upload that the service has forgotten is no error', async () => {
  const request = requestFor(3 * PART, PART)
  const send: PartUploader['send'] = (_, { signal }) =>
    new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const page = await start(request, () => ({ partUploader: { send } }))
  await page.when(() => page.statusesOf(request.localId).at(-1) === 'uploading')
  await oss.api.abortUploads({ key: request.name })
  expect(await page.engine.cancel(request.localId)).toEqual({ ok: true, value: undefined })
})

test('nothing is completed before all parts are in the checkpoint', async () => {
  const browser = createTestBrowser()
  const request = requestFor(2 * PART, PART)
  let saves = 0
  const page = await startTestEngine({
    oss,
    browser: {
      ...browser,
      store: {
        ...browser.store,
        save: (id, checkpoint) => {
          saves += 1
          return saves === 1 ? browser.store.save(id, checkpoint) : never()
        },
      },
    },
  })
  page.engine.add([request])
  while ((await oss.api.openParts({ key: request.name })) < 2)
    await new Promise((resolve) => setImmediate(resolve))
  for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(page.statusesOf(request.localId)).not.toContain('completing')
  // Storage that does not answer is not waited for longer than five seconds.
  page.clock.advance(5000)
  expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
})

test.each([
  ['with a page', '<html></html>', 'RESPONSE_INVALID'],
  ['with nothing', '', 'CHECKSUM_MISMATCH'],
])('a proxy that answers %s in the place of OSS is not taken for it', async (_, body, code) => {
  const request = requestFor(10)
  const page = await start(request, ({ partUploader }) => ({
    partUploader: {
      async send(task, options) {
        const read = { ...task, request: { ...task.request, method: 'GET' } }
        const { crc64 } = await partUploader.send(read, options)
        return { crc64, response: { status: 200, headers: {}, body } }
      },
    },
  }))
  const move = setInterval(() => page.clock.advance(1000))
  expect(await page.ends(request.localId)).toMatchObject({ status: 'failed', error: { code } })
  clearInterval(move)
})

test('many small files of a bucket that hides all headers do not wait for each other', async () => {
  const browser = createTestBrowser()
  const page = await startTestEngine({
    oss,
    browser,
    settings: { connectionsPerHost: 2, parallelFiles: 6 },
    ports: ({ partUploader }) => ({
      partUploader: {
        async send(task, options) {
          const answer = await partUploader.send(task, options)
          return { ...answer, response: { ...answer.response, headers: {} } }
        },
      },
    }),
  })
  const requests = Array.from({ length: 8 }, () => requestFor(10))
  for (const request of requests) page.engine.add([request])
  await page.ended(8)
  expect(requests.map(({ localId }) => page.statusesOf(localId).at(-1))).toEqual(
    requests.map(() => 'succeeded'),
  )
})

test('a Complete whose answer is lost is settled also where the CRC-64 is hidden', async () => {
  const request = requestFor(3 * PART, PART)
  await oss.api.orderFault({ kind: 'lost-answer', op: 'CompleteMultipartUpload', key: request.name })
  const page = await start(request, ({ http }) => ({
    http: async (...args) => {
      const { headers, ...answer } = await http(...args)
      const { 'x-oss-hash-crc64ecma': _, ...visible } = headers
      return { ...answer, headers: visible }
    },
  }))
  const move = setInterval(() => page.clock.advance(1000))
  expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
  clearInterval(move)
  expect((await operations(request)).filter((op) => op === 'UploadPart')).toHaveLength(3)
})

test('a part that the service has lost after confirming it is not left out of the object', async () => {
  const request = requestFor(3 * PART, PART)
  const page = await start(request, ({ partUploader }) => ({
    partUploader: {
      async send(task, options) {
        const answer = await partUploader.send(task, options)
        const { etag: _, 'x-oss-hash-crc64ecma': __, ...headers } = answer.response.headers
        if (task.request.url.includes('partNumber=2&')) await oss.api.abortUploads({ key: request.name })
        return { ...answer, response: { ...answer.response, headers } }
      },
    },
  }))
  expect(await page.ends(request.localId)).toMatchObject({ status: 'failed' })
  expect(await oss.api.stored({ key: request.name })).toBeUndefined()
})

test('one write that storage refuses does not hide what it can still read', async () => {
  const browser = createTestBrowser()
  const left = requestFor(3 * PART, PART)
  let sent = 0
  const first = await startTestEngine({
    oss,
    browser,
    settings: { parallelParts: 1 },
    ports: ({ partUploader }) => ({
      partUploader: {
        send(task, options) {
          sent += 1
          return sent > 2 ? never() : partUploader.send(task, options)
        },
      },
    }),
  })
  first.engine.add([left])
  await first.when(() => sent > 2)
  await new Promise((resolve) => setImmediate(resolve))
  first.kill()

  let isFull = true
  const page = await startTestEngine({
    oss,
    browser: {
      ...browser,
      store: {
        ...browser.store,
        save: (id, checkpoint) =>
          isFull
            ? Promise.reject(new DOMException('full', 'QuotaExceededError'))
            : browser.store.save(id, checkpoint),
      },
    },
  })
  const other = requestFor(2 * PART, PART)
  page.engine.add([other])
  await page.ends(other.localId)
  isFull = false
  page.engine.add([left])
  expect(await page.ends(left.localId)).toMatchObject({ status: 'succeeded' })
  expect(page.asked.map(({ reason }) => reason)).toEqual(['create', 'resume'])
  expect(await browser.store.entries()).toEqual([])
  expect(await oss.api.stored({ key: left.name })).toMatchObject({ sha256: await sha256Of(left.file) })
})
