import { describe, expect, test } from 'vitest'
import { createEngineBench, PART, restartsOf, sha256Of } from '../../../../test/harness/engine-bench.ts'
import { createTestBrowser, MIB, requestFor, startTestEngine } from '../../../../test/harness/test-engine.ts'
import type { TestBrowser, TestEngineOptions } from '../../../../test/harness/test-engine.ts'
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts'
import type { AddRequest } from '../protocol/engine-api.ts'

const bench = createEngineBench()

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
    oss: bench.oss,
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
  page.engine.add([request])
  // The next part is sent as soon as the last has its answer: the checkpoint may be a turn behind.
  await page.when(() => isIdle)
  await new Promise((resolve) => setImmediate(resolve))
  page.kill()
}

/** The same, and the checkpoint tells of the upload, but of no part. */
async function leaveUnknown(browser: TestBrowser, request: AddRequest, parts: number): Promise<void> {
  let writes = 0
  const save: CheckpointStore['save'] = async (id, checkpoint) => {
    writes += 1
    if (writes === 1) await browser.store.save(id, checkpoint)
  }
  await leaveUnfinished(browser, request, parts, { ...browser.store, save })
}

describe('an upload that an earlier page left', () => {
  test('goes on with what is missing: nothing that the service has is sent again', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    await leaveUnfinished(browser, request, 4)
    const page = await bench.upload(browser, request)
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'succeeded',
      result: { mediaId: 'video' },
    })
    expect((await bench.sentParts(request)).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
    expect(page.asked).toEqual([{ localId: request.localId, reason: 'resume', mediaId: 'video' }])
    await bench.expectStored(request)
    expect(await browser.store.entries()).toEqual([])
  })

  test('tells from the start what is done already', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    await leaveUnfinished(browser, request, 4)
    const page = await bench.upload(browser, request)
    await page.ends(request.localId)
    const sending = page.events.find((event) => event.type === 'state' && event.state.status === 'uploading')
    expect(sending).toMatchObject({ progress: { sentBytes: 4 * PART, bytesPerSecond: 0 } })
  })

  test('takes over parts that the service has and the checkpoint does not know', async () => {
    const browser = createTestBrowser()
    const request = requestFor(5 * PART, PART)
    await leaveUnknown(browser, request, 3)
    const page = await bench.upload(browser, request)
    await page.ends(request.localId)
    expect((await bench.sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
    await bench.expectStored(request)
  })

  describe('and of which the service has a part that nobody wrote down, without a CRC-64', () => {
    /** Lists parts without CRC-64, and with other ETags. */
    const listWith =
      (change: (etag: string) => string): NonNullable<TestEngineOptions['ports']> =>
      ({ http }) => ({
        http: async (sent, body, options) => {
          const answer = await http(sent, body, options)
          const withoutCrc64 = answer.body.replaceAll(/<HashCrc64ecma>.*?<\/HashCrc64ecma>/g, '')
          const etag = /(?<=<ETag>).*?(?=<\/ETag>)/g
          return { ...answer, body: withoutCrc64.replaceAll(etag, change) }
        },
      })

    test.each([
      ['as it is', (etag: string) => etag],
      ['in small letters', (etag: string) => etag.toLowerCase()],
    ])("takes it over when its ETag (%s) is the MD5 of the file's bytes", async (_, change) => {
      const browser = createTestBrowser()
      const request = requestFor(3 * PART, PART)
      await leaveUnknown(browser, request, 2)
      const page = await bench.upload(browser, request, { ports: listWith(change) })
      expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
      expect((await bench.sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3])
      await bench.expectStored(request)
    })

    test.each([
      ['is the MD5 of other bytes', (): string => '"D41D8CD98F00B204E9800998ECF8427E"'],
      ['is no MD5', (etag: string): string => etag.replace(/[0-9A-F]{32}/, '$&-1')],
    ])('sends it again when its ETag %s', async (_, change) => {
      const browser = createTestBrowser()
      const request = requestFor(3 * PART, PART)
      await leaveUnknown(browser, request, 2)
      const page = await bench.upload(browser, request, { ports: listWith(change) })
      expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
      expect((await bench.sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2, 3])
      await bench.expectStored(request)
    })
  })

  test("sends a part again whose bytes on the service are not the file's", async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    // The page dies before it could see that what was stored is wrong.
    await bench.oss.api.orderFault({
      kind: 'corrupt-body',
      op: 'UploadPart',
      partNumber: 2,
      key: request.name,
    })
    const first = await startTestEngine({
      oss: bench.oss,
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
    first.engine.add([request])
    while ((await bench.sentParts(request)).length < 3) await new Promise((resolve) => setImmediate(resolve))
    first.kill()
    const page = await bench.upload(browser, request)
    await page.ends(request.localId)
    expect((await bench.sentParts(request)).filter((partNumber) => partNumber === 2)).toHaveLength(2)
    await bench.expectStored(request)
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
    const page = await bench.upload(browser, request)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(restartsOf(page)).toEqual(['parts-gone'])
    expect((await bench.sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
    await bench.expectStored(request)
  })

  test('begins anew, and says so, when the service has forgotten it', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    await bench.oss.api.abortUploads({ key: request.name })
    const page = await bench.upload(browser, request)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(restartsOf(page)).toEqual(['upload-gone'])
    await bench.expectStored(request)
  })

  test('has succeeded without a byte being sent when its Complete had happened', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    const first = await startTestEngine({
      oss: bench.oss,
      browser,
      ports: ({ http }) => ({
        http: async (sent, body, options) => {
          const answer = await http(sent, body, options)
          const isComplete = sent.method === 'POST' && body !== undefined
          return isComplete ? new Promise(() => undefined) : answer
        },
      }),
    })
    first.engine.add([request])
    while (!(await bench.operations(request)).includes('CompleteMultipartUpload')) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    first.kill()
    const before = (await bench.operations(request)).length
    const page = await bench.upload(browser, request)
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'succeeded',
      result: { crc64Verified: true, mediaId: 'video' },
    })
    expect((await bench.operations(request)).slice(before)).toEqual(['ListParts', 'HeadObject'])
    await bench.expectStored(request)
    expect(await browser.store.entries()).toEqual([])
  })

  test('trusts the checkpoint when the service does not allow to list', async () => {
    const browser = createTestBrowser()
    const request = requestFor(5 * PART, PART)
    await leaveUnfinished(browser, request, 3)
    await bench.oss.api.orderFault({
      kind: 'status',
      status: 403,
      code: 'AccessDenied',
      op: 'ListParts',
      key: request.name,
    })
    const page = await bench.upload(browser, request)
    await page.ends(request.localId)
    expect((await bench.sentParts(request)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
    await bench.expectStored(request)
  })

  test('begins anew with the part size that the caller forces now, and takes the old one off the service', async () => {
    const browser = createTestBrowser()
    const request = requestFor(6 * PART, PART)
    await leaveUnfinished(browser, request, 3)
    const page = await bench.upload(browser, { ...request, partSizeBytes: 2 * PART })
    await page.ends(request.localId)
    expect(restartsOf(page)).toEqual(['part-size-changed'])
    await bench.expectStored(request)
  })

  test('begins anew when the credentials are for another place', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const key = `${request.name}-elsewhere`
    const page = await bench.upload(browser, request, {
      ports: () => ({ getCredentials: () => bench.oss.api.credentials({ key }) }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded', result: { key } })
    expect(restartsOf(page)).toEqual(['destination-changed'])
  })

  test('begins anew when the application says that its media is gone', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const page = await bench.upload(browser, request, {
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
    await bench.oss.api.orderFault({
      kind: 'status',
      status: 400,
      code: 'InvalidPart',
      op: 'CompleteMultipartUpload',
      key: request.name,
    })
    const page = await bench.upload(createTestBrowser(), request)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(restartsOf(page)).toEqual(['parts-gone'])
    expect(await bench.operations(request)).toContain('ListParts')
    await bench.expectStored(request)
  })

  test('that another page is uploading now is not listed', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    const first = await bench.upload(browser, request, {
      ports: () => ({ partUploader: { send: () => new Promise(() => undefined) } }),
    })
    await first.when(() => first.statusesOf(request.localId).at(-1) === 'uploading')
    const second = await startTestEngine({ oss: bench.oss, browser })
    expect(await second.engine.resumable()).toEqual({ ok: true, value: [] })
    first.kill()
    expect(await second.engine.resumable()).toMatchObject({
      value: [{ name: request.name, lastModifiedMs: request.file.lastModified }],
    })
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
    const page = await bench.upload(browser, other)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(page.asked).toMatchObject([{ reason: 'create' }])
    expect(await bench.oss.api.stored({ key: request.name })).toMatchObject({
      sha256: await sha256Of(other.file),
    })
    // The first is still waiting.
    expect(await browser.store.entries()).toHaveLength(1)
  })

  test('is forgotten after its time', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const page = await startTestEngine({ oss: bench.oss, browser, settings: { checkpointMaxAgeMs: 60_000 } })
    page.clock.advance(60_000)
    expect(await page.engine.resumable()).toEqual({ ok: true, value: [] })
    expect(await browser.store.entries()).toEqual([])
  })

  test('of another namespace is not seen', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const page = await startTestEngine({ oss: bench.oss, browser, settings: { namespace: 'somebody else' } })
    expect(await page.engine.resumable()).toEqual({ ok: true, value: [] })
    expect(await browser.store.entries()).toHaveLength(1)
  })

  test('is listed with what is known of it, until it runs again', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * PART, PART)
    await leaveUnfinished(browser, request, 2)
    const page = await startTestEngine({ oss: bench.oss, browser })
    const listed = await page.engine.resumable()
    expect(listed).toMatchObject({
      ok: true,
      value: [
        { name: request.name, sizeBytes: 3 * PART, doneBytes: 2 * PART, mediaId: 'video', handle: undefined },
      ],
    })
    page.engine.add([request])
    await page.when(() => page.asked.length === 1)
    expect(await page.engine.resumable()).toEqual({ ok: true, value: [] })
    await page.ends(request.localId)
  })

  test('of which the service has more than one page of parts goes on after all of them', async () => {
    const browser = createTestBrowser()
    const request = requestFor(1003 * PART, PART)
    await leaveUnfinished(browser, request, 1001)
    const page = await bench.upload(browser, request)
    await page.ends(request.localId)
    expect((await bench.operations(request)).filter((op) => op === 'ListParts')).toHaveLength(2)
    expect(await bench.sentParts(request)).toHaveLength(1003)
    await bench.expectStored(request)
  }, 60_000)
})

describe('a second page with the same file', () => {
  test('waits for the first, and takes over when it dies', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    let sent = 0
    const first = await startTestEngine({
      oss: bench.oss,
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
    first.engine.add([request])
    await first.when(() => sent > 4)
    const second = await bench.upload(browser, request)
    await second.when(() => second.statesOf(request.localId).at(-1)?.status === 'waiting')
    expect(second.asked).toEqual([])
    first.kill()
    expect(await second.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect((await bench.sentParts(request)).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
    expect(second.asked).toMatchObject([{ reason: 'resume' }])
  })

  test('waits while the first is paused, and can be canceled meanwhile', async () => {
    const browser = createTestBrowser()
    const request = requestFor(10 * PART, PART)
    const first = await bench.upload(browser, request)
    await first.when(() => first.statesOf(request.localId).at(-1)?.status === 'uploading')
    first.engine.pause(request.localId)
    const second = await bench.upload(browser, request)
    await second.when(() => second.statesOf(request.localId).at(-1)?.status === 'waiting')
    await second.engine.cancel(request.localId)
    expect(second.statesOf(request.localId).at(-1)).toEqual({ status: 'canceled' })
    first.engine.resume(request.localId)
    expect(await first.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    await bench.expectStored(request)
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
    const page = await bench.upload(createTestBrowser(), { ...request, file: changing })
    await page.when(() => page.statesOf(request.localId).at(-1)?.status === 'uploading')
    page.engine.pause(request.localId)
    content = new Blob([new Uint8Array(10 * MIB)])
    page.engine.resume(request.localId)
    expect(await page.ends(request.localId)).toMatchObject({ error: { code: 'FILE_CHANGED' } })
    expect(await bench.oss.api.stored({ key: request.name })).toBeUndefined()
    expect(await bench.oss.api.openUploads({ key: request.name })).toEqual([])
  })
})

test('a checkpoint that cannot be stored is kept in memory: the upload goes on, and the page is told once', async () => {
  const full = (): Promise<never> =>
    Promise.reject(new DOMException('The quota is used up', 'QuotaExceededError'))
  const browser = createTestBrowser()
  const request = requestFor(5 * PART, PART)
  const page = await bench.upload({ ...browser, store: { ...browser.store, save: full } }, request)
  expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
  expect(page.events.filter(({ type }) => type === 'degraded')).toHaveLength(1)
  await bench.expectStored(request)
})
