import { describe, expect, test } from 'vitest'
import { createEngineBench, PART, restartsOf, sha256Of } from '../../../../test/harness/engine-bench.ts'
import { createTestBrowser, requestFor } from '../../../../test/harness/test-engine.ts'
import type { TestEngine } from '../../../../test/harness/test-engine.ts'
import { untilAborted } from '../clock/wait.ts'
import type { AddRequest } from '../protocol/engine-api.ts'

const bench = createEngineBench()

/** Uploads by a form to whose fields the application's server adds some. */
async function upload(
  request: AddRequest,
  fields: Readonly<Record<string, string>> = {},
): Promise<TestEngine> {
  return bench.upload(createTestBrowser(), request, {
    ports: () => ({
      getCredentials: async () => {
        const signed = await bench.oss.api.form({ key: request.name })
        return { ...signed, form: { ...signed.form, ...fields } }
      },
    }),
  })
}

describe('a signed form', () => {
  test('stores an empty file', async () => {
    const request = requestFor(0)
    const page = await upload(request)
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'succeeded',
      result: { sizeBytes: 0, crc64: '0', crc64Verified: true },
    })
    await bench.expectStored(request)
  })

  test.each(['x-oss-content-type', 'Content-Type'])(
    'that says %s itself goes before the type of the file',
    async (name) => {
      const request = { ...requestFor(10), objectHeaders: { 'content-type': 'application/octet-stream' } }
      const page = await upload(request, { [name]: 'image/png' })
      expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
      expect(await bench.oss.api.stored({ key: request.name })).toMatchObject({ contentType: 'image/png' })
    },
  )

  test('that has a callback of its own tells what it answered', async () => {
    const request = requestFor(10)
    const page = await upload(request, {
      callback: btoa(
        JSON.stringify({
          callbackUrl: `${bench.oss.url}/callback`,
          callbackBody: '{"size":${size}}',
          callbackBodyType: 'application/json',
        }),
      ),
    })
    expect(await page.ends(request.localId)).toMatchObject({
      result: { callback: { status: 'succeeded', body: '{"heard":{"size":10}}' } },
    })
  })

  test('that asks for XML in the answer is fine, also where headers are hidden', async () => {
    const request = requestFor(10)
    await bench.oss.api.orderFault({
      kind: 'missing-headers',
      headers: ['ETag', 'x-oss-hash-crc64ecma'],
      op: 'PostObject',
      key: request.name,
    })
    const page = await upload(request, { success_action_status: '201' })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(await bench.operations(request)).toEqual(['PostObject'])
  })

  test('that a sign-in page answered is sent again', async () => {
    const request = requestFor(3 * PART, PART)
    await bench.oss.api.orderFault({ kind: 'html-answer', status: 200, op: 'PostObject', key: request.name })
    const page = await upload(request)
    await page.when(() => {
      page.clock.advance(1000)
      return page.statusesOf(request.localId).includes('succeeded')
    })
    expect(await bench.operations(request)).toEqual(['PostObject', 'PostObject'])
    await bench.expectStored(request)
  })

  test('that the service finds ended is asked for anew, and this is no failure', async () => {
    const request = requestFor(10)
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { maxAttempts: 1 },
      ports: () => ({
        // The first has ended two hours ago, as a page whose clock is late takes one for fresh.
        getCredentials: ({ reason }) =>
          bench.oss.api.form({ key: request.name, ...(reason === 'create' ? { agoSeconds: 3 * 3600 } : {}) }),
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect((await bench.oss.api.log({ key: request.name })).map(({ status }) => status)).toEqual([403, 204])
  })

  test('that takes the place of keys begins the upload anew, in one request', async () => {
    const request = requestFor(4 * PART, PART)
    await bench.oss.api.orderFault({
      kind: 'expired-token',
      op: 'UploadPart',
      key: request.name,
      partNumber: 3,
    })
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { parallelParts: 1 },
      ports: ({ getCredentials }) => ({
        getCredentials: (asked, signal) =>
          asked.reason === 'refresh'
            ? bench.oss.api.form({ key: request.name })
            : getCredentials(asked, signal),
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(restartsOf(page)).toEqual(['destination-changed'])
    expect((await bench.operations(request)).filter((op) => op === 'PostObject')).toHaveLength(1)
    expect(await bench.oss.api.stored({ key: request.name })).toMatchObject({
      sha256: await sha256Of(request.file),
    })
  })

  test('does not take away what an earlier page left: cancel() says so, and stores nothing', async () => {
    const browser = createTestBrowser()
    const request = requestFor(4 * PART, PART)
    const first = await bench.upload(browser, request, { settings: { parallelParts: 1 } })
    while ((await bench.oss.api.openParts({ key: request.name })) < 2)
      await new Promise((resolve) => setImmediate(resolve))
    first.kill()
    const page = await bench.upload(browser, request, {
      ports: ({ partUploader }) => ({
        getCredentials: () => bench.oss.api.form({ key: request.name }),
        // It is canceled while the form is on its way.
        partUploader: {
          send: (task, options) => {
            const isForm = task.request.form !== undefined
            return isForm
              ? untilAborted(new Promise(() => undefined), options.signal)
              : partUploader.send(task, options)
          },
        },
      }),
    })
    await page.when(() => page.statusesOf(request.localId).includes('uploading'))
    expect(await page.engine.cancel(request.localId)).toMatchObject({
      ok: false,
      error: { code: 'DESTINATION_CHANGED', message: expect.stringContaining('is left there') },
    })
    expect(await bench.operations(request)).not.toContain('PostObject')
    expect(await bench.oss.api.stored({ key: request.name })).toBeUndefined()
  })
})
