import { describe, expect, test } from 'vitest'
import { createEngineBench, PART, restartsOf, sha256Of } from '../../../../test/harness/engine-bench.ts'
import { createTestBrowser, requestFor } from '../../../../test/harness/test-engine.ts'
import type { OssCredentials } from '@sluice/core'
import { UploadError } from '../protocol/errors.ts'

const bench = createEngineBench()

/** The OpenAPI's answer for a media of some kind. */
function toVod(credentials: unknown, id: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const fields = credentials as OssCredentials
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')
  return {
    UploadAddress: encode({ Endpoint: fields.endpoint, Bucket: fields.bucket, FileName: fields.key }),
    UploadAuth: encode({
      AccessKeyId: fields.accessKeyId,
      AccessKeySecret: fields.accessKeySecret,
      SecurityToken: fields.securityToken,
      Expiration: '3600',
      Region: fields.region,
    }),
    ...id,
  }
}

describe('credentials', () => {
  test('that expire are asked for once, however many parts wait, and this is no failure', async () => {
    const request = requestFor(20 * PART, PART)
    const refused = async (): Promise<number> =>
      (await bench.oss.api.log({ key: request.name })).filter(({ status }) => status === 403).length
    let inFlight = 0
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const page = await bench.upload(createTestBrowser(), request, {
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
    await bench.oss.api.orderFault({ kind: 'expired-token', op: 'UploadPart', key: request.name, times: 5 })
    release()
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(await refused()).toBe(5)
    expect(page.asked.map(({ reason }) => reason)).toEqual(['create', 'refresh'])
    expect(page.asked[1]?.mediaId).toBe('video')
    await bench.expectStored(request)
  })

  test.each(['InvalidAccessKeyId', 'InvalidSecurityToken'] as const)(
    'that the service calls %s are asked for again',
    async (code) => {
      const request = requestFor(10)
      await bench.oss.api.orderFault({ kind: 'expired-token', code, key: request.name })
      const page = await bench.upload(createTestBrowser(), request)
      expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
      expect(page.asked.map(({ reason }) => reason)).toEqual(['create', 'refresh'])
    },
  )

  test('are renewed before they end, at the latest after two thirds of their life', async () => {
    const request = requestFor(4 * PART, PART)
    const page = await bench.upload(createTestBrowser(), request, {
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
    const statuses = (await bench.oss.api.log({ key: request.name })).map(({ status }) => status)
    expect(statuses).not.toContain(403)
  })

  test.each([
    { random: 0, reasons: ['create', 'refresh'] },
    { random: 0.9, reasons: ['create'] },
  ])('are renewed when the dice ($random) say so, so that many do not ask together', async (it) => {
    const request = requestFor(3 * PART, PART)
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { parallelParts: 1 },
      ports: ({ getCredentials, partUploader }) => ({
        random: () => it.random,
        // A life of 600 s, of which the parts take 510: two thirds are over when they are put together.
        getCredentials: async (asked, signal) => ({
          ...((await getCredentials(asked, signal)) as object),
          expiration: '600',
        }),
        partUploader: {
          async send(task, options) {
            const answer = await partUploader.send(task, options)
            page.clock.advance(170_000)
            return answer
          },
        },
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect(page.asked.map(({ reason }) => reason)).toEqual(it.reasons)
  })

  test('that are refused again and again are not asked for without end', async () => {
    const request = requestFor(10)
    await bench.oss.api.orderFault({ kind: 'expired-token', key: request.name, times: 'always' })
    const page = await bench.upload(createTestBrowser(), request)
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'failed',
      error: { kind: 'service', answer: { serviceCode: 'SecurityTokenExpired' } },
    })
    expect(page.asked).toHaveLength(4)
  })

  test('whose signature does not match are a final error, never a refresh', async () => {
    const request = requestFor(10)
    const page = await bench.upload(createTestBrowser(), request, {
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
    await bench.oss.api.orderFault({ kind: 'expired-token', op: 'UploadPart', key: request.name })
    let isDown = true
    let refused = 0
    const page = await bench.upload(createTestBrowser(), request, {
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
    await bench.expectStored(request)
  })

  test('for another place are an error for a video', async () => {
    const request = requestFor(5 * PART, PART)
    await bench.oss.api.orderFault({ kind: 'expired-token', op: 'UploadPart', key: request.name })
    const page = await bench.upload(createTestBrowser(), request, {
      ports: ({ getCredentials }) => ({
        getCredentials: async (asked, signal) =>
          asked.reason === 'create'
            ? getCredentials(asked, signal)
            : { ...(await bench.oss.api.credentials({ key: 'other' })), VideoId: 'video' },
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ error: { code: 'DESTINATION_CHANGED' } })
  })

  test.each([
    ['image', 'in parts', 5 * PART, 'ImageId'],
    ['image', 'in one piece', 10, 'ImageId'],
    ['attached media', 'in parts', 5 * PART, 'MediaId'],
  ])('for another place make an %s begin anew there (%s)', async (_, __, size, idName) => {
    const request = requestFor(size, PART)
    const op = size > PART ? 'UploadPart' : 'PutObject'
    await bench.oss.api.orderFault({ kind: 'expired-token', op, key: request.name })
    const key = `${request.name}-2`
    const page = await bench.upload(createTestBrowser(), request, {
      ports: () => ({
        getCredentials: async ({ reason }) =>
          toVod(
            await bench.oss.api.credentials({ key: reason === 'create' ? request.name : key }),
            reason === 'create' ? { [idName]: 'id-1' } : { [idName]: 'id-2' },
          ),
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ result: { key, mediaId: 'id-2' } })
    expect(restartsOf(page)).toEqual(['destination-changed'])
    expect(await bench.oss.api.stored({ key })).toMatchObject({ sha256: await sha256Of(request.file) })
  })

  test.each([
    ['video', 'VideoId', ['create', 'refresh']],
    ['image', 'ImageId', ['create']],
    ['attached media', 'MediaId', ['create']],
  ])('that end soon are renewed for a %s as far as there is a refresh', async (_, idName, reasons) => {
    const request = requestFor(3 * PART, PART)
    let sent = 0
    const page = await bench.upload(createTestBrowser(), request, {
      settings: { parallelParts: 1 },
      ports: ({ partUploader, getCredentials }) => ({
        getCredentials: async (asked, signal) => ({
          ...toVod(await getCredentials(asked, signal), { [idName]: 'id' }),
        }),
        partUploader: {
          async send(task, options) {
            const answer = await partUploader.send(task, options)
            // An hour's life, of which a minute is left after the first part.
            if (sent === 0) page.clock.advance(3_540_000)
            sent += 1
            return answer
          },
        },
      }),
    })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded', result: { mediaId: 'id' } })
    expect(page.asked.map(({ reason }) => reason)).toEqual(reasons)
  })

  test.each([-2, 2])(
    "are right for a clock that is off by %i hours: the service's is taken over",
    async (hours) => {
      const request = requestFor(5 * PART, PART)
      const page = await bench.upload(createTestBrowser(), request, {
        ports: ({ clock }) => ({ clock: { ...clock, now: () => clock.now() + hours * 3_600_000 } }),
      })
      expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
      expect(page.asked).toHaveLength(1)
      await bench.expectStored(request)
    },
  )
})
