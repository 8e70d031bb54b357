import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startOssFixture } from '../../../../test/harness/oss-fixture.ts'
import type { OssFixture } from '../../../../test/harness/oss-fixture.ts'
import { createTestBrowser, MIB, requestFor, startTestEngine } from '../../../../test/harness/test-engine.ts'
import type { TestBrowser, TestEngine } from '../../../../test/harness/test-engine.ts'
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts'
import type { AddRequest } from '../protocol/engine-api.ts'
import { UploadError } from '../protocol/errors.ts'

const PART = 100 * 1024

let oss: OssFixture
beforeAll(async () => {
  oss = await startOssFixture()
})
afterEach(() => oss.api.clearFaults())
afterAll(() => oss.close())

const operations = async ({ name }: AddRequest): Promise<readonly string[]> =>
  (await oss.api.log({ key: name })).map(({ op }) => op)
const sentParts = async ({ name }: AddRequest): Promise<readonly number[]> =>
  (await oss.api.log({ key: name })).flatMap(({ op, partNumber, status }) =>
    op === 'UploadPart' && status === 200 ? [partNumber ?? 0] : [],
  )
const sha256Of = async (file: Blob): Promise<string> =>
  createHash('sha256')
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest('hex')
async function expectStored(request: AddRequest): Promise<void> {
  expect(await oss.api.stored({ key: request.name })).toMatchObject({ sha256: await sha256Of(request.file) })
  expect(await oss.api.openUploads({ key: request.name })).toEqual([])
}

/** Uploads in a first page until the service has so many parts and they are written down, and kills the page. */
async function leaveUnfinished(
  browser: TestBrowser,
  request: AddRequest,
  parts: number,
  store: CheckpointStore = browser.store,
): Promise<void> {
  let started = 0
  let isIdle = false
  const page = await startTestEngine({
    oss,
    browser: { ...browser, store },
    settings: { parallelParts: 1 },
    ports: ({ partUploader }) => ({
      partUploader: {
        send(task, options) {
          started += 1
          if (started <= parts) return partUploader.send(task, options)
          isIdle = true
          return new Promise(() => undefined)
        },
      },
    }),
  })
  page.engine.add(request)
  // The next part is sent as soon as the last has its answer: the checkpoint may be a turn behind.
  await page.when(() => isIdle)
  await new Promise((resolve) => setImmediate(resolve))
  page.kill()
}

/** A later page of the same browser, in which the file is picked again. */
async function pickAgain(
  browser: TestBrowser,
  request: AddRequest,
  options: Partial<Parameters<typeof startTestEngine>[0]> = {},
): Promise<TestEngine> {
  const page = await startTestEngine({ oss, browser, ...options })
  page.engine.add(request)
  return page
}

const restartsOf = ({ events }: TestEngine): readonly string[] =>
  events.flatMap((event) => (event.type === 'restart' ? [event.reason] : []))

describe('an upload that an earlier page left', () => {
  test('goes on with what is missing: nothing that the service has is sent again', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    await leaveUnfinished(browser, request, 4)
    const page = await pickAgain(browser, request)
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'succeeded',
      result: { mediaId: 'video' },
    })
    expect((await sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(page.asked).toEqual([{ localId: request.localId, reason: 'resume', mediaId: 'video' }])
    await expectStored(request)
    expect(await browser.store.entries()).toEqual([])
  })

  test('tells from the start what is done already', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    await leaveUnfinished(browser, request, 4)
    const page = await pickAgain(browser, request)
    await page.ends(request.localId)
    const sending = page.events.find((event) => event.type === 'state' && event.state.status === 'uploading')
    expect(sending).toMatchObject({ progress: { sentBytes: 4 * PART, bytesPerSecond: 0 } })
  })

  test('takes over parts that the service has and the checkpoint does not know', async () => {
    const browser = createTestBrowser()
    const request = requestFor(5 * PART, PART)
    // Only the first write comes through: it tells of the upload, and of no part.
    let writes = 0
    const save: CheckpointStore['save'] = async (id, checkpoint) => {
      writes += 1
      if (writes === 1) await browser.store.save(id, checkpoint)
    }
    await leaveUnfinished(browser, request, 3, { ...browser.store, save })
    const page = await pickAgain(browser, request)
    await page.ends(request.localId)
    expect((await sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
    await expectStored(request)
  })

  test("sends a part again whose bytes on the service are not the file's", async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    // The page dies before it could see that what was stored is wrong.
    await oss.api.orderFault({ kind: 'corrupt-body', op: 'UploadPart', partNumber: 2, key: request.name })
    const first = await startTestEngine({
      oss,
      browser,
      ports: ({ partUploader }) => ({
        partUploader: {
          async send(task, options) {
            const answer = await partUploader.send(task, options)
            return task.request.url.includes('partNumber=2') ? new Promise(() => undefined) : answer
          },
        },
      }),
    })
    first.engine.add(request)
    while ((await sentParts(request)).length < 3) await new Promise((resolve) => setImmediate(resolve))
    first.kill()
    const page = await pickAgain(browser, request)
    await page.ends(request.localId)
    expect((await sentParts(request)).filter((partNumber) => partNumber === 2)).toHaveLength(2)
    await expectStored(request)
  })

  test('sends again, and says so, a part that the service has purged', async () => {
    const browser = createTestBrowser()
    const request = requestFor(4 * PART, PART)
    // The checkpoint knows a third part that the service never had.
    const save: CheckpointStore['save'] = (id, checkpoint) => {
      const last = checkpoint.done.at(-1)
      const purged = last?.partNumber === 2 ? [{ ...last, partNumber: 3, crc64: '7' }] : []
      return browser.store.save(id, { ...checkpoint, done: [...checkpoint.done, ...purged] })
    }
    await leaveUnfinished(browser, request, 2, { ...browser.store, save })
    const page = await pickAgain(browser, request)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(restartsOf(page)).toEqual(['parts-gone'])
    expect((await sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
    await expectStored(request)
  })

  test('begins anew, and says so, when the service has forgotten it', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    await oss.api.abortUploads({ key: request.name })
    const page = await pickAgain(browser, request)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(restartsOf(page)).toEqual(['upload-gone'])
    await expectStored(request)
  })

  test('has succeeded without a byte being sent when its Complete had happened', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    const first = await startTestEngine({
      oss,
      browser,
      ports: ({ http }) => ({
        http: async (sent, body, options) => {
          const answer = await http(sent, body, options)
          const isComplete = sent.method === 'POST' && body !== undefined
          return isComplete ? new Promise(() => undefined) : answer
        },
      }),
    })
    first.engine.add(request)
    while (!(await operations(request)).includes('CompleteMultipartUpload')) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    first.kill()
    const before = (await operations(request)).length
    const page = await pickAgain(browser, request)
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'succeeded',
      result: { crc64Verified: true, mediaId: 'video' },
    })
    expect((await operations(request)).slice(before)).toEqual(['ListParts', 'HeadObject'])
    await expectStored(request)
    expect(await browser.store.entries()).toEqual([])
  })

  test('trusts the checkpoint when the service does not allow to list', async () => {
    const browser = createTestBrowser()
    const request = requestFor(5 * PART, PART)
    await leaveUnfinished(browser, request, 3)
    await oss.api.orderFault({
      kind: 'status',
      status: 403,
      code: 'AccessDenied',
      op: 'ListParts',
      key: request.name,
    })
    const page = await pickAgain(browser, request)
    await page.ends(request.localId)
    expect((await sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
    await expectStored(request)
  })

  test('begins anew with the part size that the caller forces now, and takes the old one off the service', async () => {
    const browser = createTestBrowser()
    const request = requestFor(6 * PART, PART)
    await leaveUnfinished(browser, request, 3)
    const page = await pickAgain(browser, { ...request, partSizeBytes: 2 * PART })
    await page.ends(request.localId)
    expect(restartsOf(page)).toEqual(['part-size-changed'])
    await expectStored(request)
  })

  test('begins anew when the credentials are for another place', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const key = `${request.name}-elsewhere`
    const page = await pickAgain(browser, request, {
      ports: () => ({ getCredentials: () => oss.api.credentials({ key }) }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded', result: { key } })
    expect(restartsOf(page)).toEqual(['destination-changed'])
  })

  test('begins anew when the application says that its media is gone', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const page = await pickAgain(browser, request, {
      ports: ({ getCredentials }) => ({
        getCredentials: async (asked, signal) =>
          asked.reason === 'resume' ? null : getCredentials(asked, signal),
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(restartsOf(page)).toEqual(['upload-gone'])
  })

  test('sends again, and says so, what the service has lost when it puts the object together', async () => {
    const request = requestFor(3 * PART, PART)
    await oss.api.orderFault({
      kind: 'status',
      status: 400,
      code: 'InvalidPart',
      op: 'CompleteMultipartUpload',
      key: request.name,
    })
    const page = await pickAgain(createTestBrowser(), request)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(restartsOf(page)).toEqual(['parts-gone'])
    expect(await operations(request)).toContain('ListParts')
    await expectStored(request)
  })

  test('that another page is uploading now is not listed', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    const first = await pickAgain(browser, request, {
      ports: () => ({ partUploader: { send: () => new Promise(() => undefined) } }),
    })
    await first.when(() => first.statusesOf(request.localId).at(-1) === 'uploading')
    const second = await startTestEngine({ oss, browser })
    expect(await second.engine.resumable()).toEqual({ ok: true, value: [] })
    first.kill()
    expect(await second.engine.resumable()).toMatchObject({ value: [{ name: request.name }] })
  })

  test('is not taken for another file of the same name, size and time', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const bytes = new Uint8Array(await request.file.arrayBuffer())
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    const other = {
      ...request,
      file: new File([bytes], request.name, { lastModified: request.file.lastModified }),
    }
    const page = await pickAgain(browser, other)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(page.asked).toMatchObject([{ reason: 'create' }])
    expect(await oss.api.stored({ key: request.name })).toMatchObject({ sha256: await sha256Of(other.file) })
    // The first is still waiting.
    expect(await browser.store.entries()).toHaveLength(1)
  })

  test('is forgotten after its time', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const page = await startTestEngine({ oss, browser, settings: { checkpointMaxAgeMs: 60_000 } })
    page.clock.advance(60_000)
    expect(await page.engine.resumable()).toEqual({ ok: true, value: [] })
    expect(await browser.store.entries()).toEqual([])
  })

  test('of another namespace is not seen', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const page = await startTestEngine({ oss, browser, settings: { namespace: 'somebody else' } })
    expect(await page.engine.resumable()).toEqual({ ok: true, value: [] })
    expect(await browser.store.entries()).toHaveLength(1)
  })

  test('is listed with what is known of it, until it runs again', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const page = await startTestEngine({ oss, browser })
    const listed = await page.engine.resumable()
    expect(listed).toMatchObject({
      ok: true,
      value: [
        { name: request.name, sizeBytes: 3 * PART, doneBytes: 2 * PART, mediaId: 'video', handle: undefined },
      ],
    })
    page.engine.add(request)
    await page.when(() => page.asked.length === 1)
    expect(await page.engine.resumable()).toEqual({ ok: true, value: [] })
    await page.ends(request.localId)
  })

  test('of which the service has more than one page of parts goes on after all of them', async () => {
    const browser = createTestBrowser()
    const request = requestFor(1003 * PART, PART)
    await leaveUnfinished(browser, request, 1001)
    const page = await pickAgain(browser, request)
    await page.ends(request.localId)
    expect((await operations(request)).filter((op) => op === 'ListParts')).toHaveLength(2)
    expect(await sentParts(request)).toHaveLength(1003)
    await expectStored(request)
  }, 60_000)
})

describe('credentials', () => {
  test('that expire are asked for once, however many parts wait, and this is no failure', async () => {
    const request = requestFor(20 * PART, PART)
    const refused = async (): Promise<number> =>
      (await oss.api.log({ key: request.name })).filter(({ status }) => status === 403).length
    let inFlight = 0
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const page = await pickAgain(createTestBrowser(), request, {
      ports: ({ partUploader, getCredentials }) => ({
        // The answer comes when all five have been refused.
        getCredentials: async (asked, signal) => {
          while (asked.reason === 'refresh' && (await refused()) < 5)
            await new Promise((resolve) => setImmediate(resolve))
          return getCredentials(asked, signal)
        },
        partUploader: {
          async send(task, options) {
            inFlight += 1
            await released
            return partUploader.send(task, options)
          },
        },
      }),
    })
    await page.when(() => inFlight === 5)
    await oss.api.orderFault({ kind: 'expired-token', op: 'UploadPart', key: request.name, times: 5 })
    release()
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(await refused()).toBe(5)
    expect(page.asked.map(({ reason }) => reason)).toEqual(['create', 'refresh'])
    expect(page.asked[1]?.mediaId).toBe('video')
    await expectStored(request)
  })

  test.each(['InvalidAccessKeyId', 'InvalidSecurityToken'] as const)(
    'that the service calls %s are asked for again',
    async (code) => {
      const request = requestFor(10)
      await oss.api.orderFault({ kind: 'expired-token', code, key: request.name })
      const page = await pickAgain(createTestBrowser(), request)
      expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
      expect(page.asked.map(({ reason }) => reason)).toEqual(['create', 'refresh'])
    },
  )

  test('are renewed before they end, at the latest after two thirds of their life', async () => {
    const request = requestFor(4 * PART, PART)
    const page = await pickAgain(createTestBrowser(), request, {
      settings: { parallelParts: 1 },
      ports: ({ getCredentials, partUploader }) => ({
        // A life of 3 s, of which each part takes 0.7 s: the third ends after two thirds.
        getCredentials: async (asked, signal) => ({
          ...((await getCredentials(asked, signal)) as object),
          expiration: '3',
        }),
        partUploader: {
          async send(task, options) {
            const answer = await partUploader.send(task, options)
            page.clock.advance(700)
            return answer
          },
        },
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(page.asked.map(({ reason }) => reason)).toEqual(['create', 'refresh'])
    const statuses = (await oss.api.log({ key: request.name })).map(({ status }) => status)
    expect(statuses).not.toContain(403)
  })

  test('that are refused again and again are not asked for without end', async () => {
    const request = requestFor(10)
    await oss.api.orderFault({ kind: 'expired-token', key: request.name, times: 'always' })
    const page = await pickAgain(createTestBrowser(), request)
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'failed',
      error: { kind: 'service', answer: { serviceCode: 'SecurityTokenExpired' } },
    })
    expect(page.asked).toHaveLength(4)
  })

  test('whose signature does not match are a final error, never a refresh', async () => {
    const request = requestFor(10)
    const page = await pickAgain(createTestBrowser(), request, {
      ports: ({ getCredentials }) => ({
        getCredentials: async (asked, signal) => ({
          ...((await getCredentials(asked, signal)) as object),
          accessKeySecret: 'another',
        }),
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'failed',
      error: { answer: { serviceCode: 'SignatureDoesNotMatch' } },
    })
    expect(page.asked).toHaveLength(1)
  })

  test('that cannot be refreshed pause the upload; resume() asks again', async () => {
    const request = requestFor(5 * PART, PART)
    await oss.api.orderFault({ kind: 'expired-token', op: 'UploadPart', key: request.name })
    let isDown = true
    let refused = 0
    const page = await pickAgain(createTestBrowser(), request, {
      ports: ({ getCredentials }) => ({
        getCredentials: (asked, signal) => {
          if (asked.reason === 'create' || !isDown) return getCredentials(asked, signal)
          refused += 1
          return Promise.reject(new UploadError('CREDENTIALS_FAILED', 'the service is down'))
        },
      }),
    })
    const isPaused = (): boolean => page.statesOf(request.localId).at(-1)?.status === 'paused'
    await page.when(() => {
      page.clock.advance(1000)
      return isPaused()
    })
    expect(page.statesOf(request.localId).at(-1)).toMatchObject({ error: { code: 'CREDENTIALS_FAILED' } })
    expect(refused).toBe(3)
    isDown = false
    page.engine.resume(request.localId)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    await expectStored(request)
  })

  test('for another place are an error for a video', async () => {
    const request = requestFor(5 * PART, PART)
    await oss.api.orderFault({ kind: 'expired-token', op: 'UploadPart', key: request.name })
    const page = await pickAgain(createTestBrowser(), request, {
      ports: ({ getCredentials }) => ({
        getCredentials: async (asked, signal) =>
          asked.reason === 'create'
            ? getCredentials(asked, signal)
            : { ...(await oss.api.credentials({ key: 'other' })), VideoId: 'video' },
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ error: { code: 'DESTINATION_CHANGED' } })
  })

  test.each([
    ['in parts', 5 * PART],
    ['in one piece', 10],
  ])('for another place make an image begin anew there (%s)', async (_, size) => {
    const request = requestFor(size, PART)
    const op = size > PART ? 'UploadPart' : 'PutObject'
    await oss.api.orderFault({ kind: 'expired-token', op, key: request.name })
    const key = `${request.name}-2`
    const page = await pickAgain(createTestBrowser(), request, {
      ports: () => ({
        getCredentials: async ({ reason }) =>
          reason === 'create'
            ? { ...(await oss.api.credentials({ key: request.name })), ImageId: 'image-1' }
            : { ...(await oss.api.credentials({ key })), ImageId: 'image-2' },
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ result: { key, mediaId: 'image-2' } })
    expect(restartsOf(page)).toEqual(['destination-changed'])
    expect(await oss.api.stored({ key })).toMatchObject({ sha256: await sha256Of(request.file) })
  })

  test.each([-2, 2])(
    "are right for a clock that is off by %i hours: the service's is taken over",
    async (hours) => {
      const request = requestFor(5 * PART, PART)
      const page = await pickAgain(createTestBrowser(), request, {
        ports: ({ clock }) => ({ clock: { ...clock, now: () => clock.now() + hours * 3_600_000 } }),
      })
      expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
      expect(page.asked).toHaveLength(1)
      await expectStored(request)
    },
  )
})

describe('a second page with the same file', () => {
  test('waits for the first, and takes over when it dies', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    let sent = 0
    const first = await startTestEngine({
      oss,
      browser,
      settings: { parallelParts: 1 },
      ports: ({ partUploader }) => ({
        partUploader: {
          send(task, options) {
            sent += 1
            return sent > 4 ? new Promise(() => undefined) : partUploader.send(task, options)
          },
        },
      }),
    })
    first.engine.add(request)
    await first.when(() => sent > 4)
    const second = await pickAgain(browser, request)
    await second.when(() => second.statesOf(request.localId).at(-1)?.status === 'waiting')
    expect(second.asked).toEqual([])
    first.kill()
    expect(await second.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect((await sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(second.asked).toMatchObject([{ reason: 'resume' }])
  })

  test('waits while the first is paused, and can be canceled meanwhile', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    const first = await pickAgain(browser, request)
    await first.when(() => first.statesOf(request.localId).at(-1)?.status === 'uploading')
    first.engine.pause(request.localId)
    const second = await pickAgain(browser, request)
    await second.when(() => second.statesOf(request.localId).at(-1)?.status === 'waiting')
    await second.engine.cancel(request.localId)
    expect(second.statesOf(request.localId).at(-1)).toEqual({ status: 'canceled' })
    first.engine.resume(request.localId)
    expect(await first.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    await expectStored(request)
  })
})

describe('a file', () => {
  test('that was changed while its upload was paused is FILE_CHANGED, and nothing is completed', async () => {
    const request = requestFor(10 * MIB, PART * 10)
    let content: Blob = request.file
    const changing = new Proxy(request.file, {
      get: (file, name) => {
        if (name === 'slice') return (start: number, end: number) => content.slice(start, end)
        const value: unknown = Reflect.get(file, name)
        return typeof value === 'function' ? (value.bind(file) as unknown) : value
      },
    })
    const page = await pickAgain(createTestBrowser(), { ...request, file: changing })
    await page.when(() => page.statesOf(request.localId).at(-1)?.status === 'uploading')
    page.engine.pause(request.localId)
    content = new Blob([new Uint8Array(10 * MIB)])
    page.engine.resume(request.localId)
    expect(await page.ends(request.localId)).toMatchObject({ error: { code: 'FILE_CHANGED' } })
    expect(await oss.api.stored({ key: request.name })).toBeUndefined()
    expect(await oss.api.openUploads({ key: request.name })).toEqual([])
  })
})

test('a checkpoint that cannot be stored is kept in memory: the upload goes on, and the page is told once', async () => {
  const full = (): Promise<never> =>
    Promise.reject(new DOMException('The quota is used up', 'QuotaExceededError'))
  const browser = createTestBrowser()
  const request = requestFor(5 * PART, PART)
  const page = await pickAgain({ ...browser, store: { ...browser.store, save: full } }, request)
  expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
  expect(page.events.filter(({ type }) => type === 'degraded')).toHaveLength(1)
  await expectStored(request)
})
