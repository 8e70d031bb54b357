import { describe, expect, test } from 'vitest'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { createUploadBench } from '../../../test/harness/upload-bench.ts'
import type { GetDestination, RequestToSign, SignatureAuthorization, Upload } from './index.ts'

const MIB = 1024 ** 2
const bench = createUploadBench()
const { oss } = bench

const getDestination: GetDestination = async () => {
  const { bucket, key, endpoint } = await oss.credentials({ key: bench.key })
  return { bucket, key, endpoint, mediaId: 'media' }
}

/** SHA-256 of what an upload stored. */
async function storedBy(upload: Upload): Promise<string | undefined> {
  await upload.result
  return (await oss.stored({ key: bench.key }))?.sha256
}

describe('temporary keys', () => {
  test.each(['path', 'virtual'] as const)('of STS open any bucket, addressed in %s style', async (style) => {
    const file = new Blob([randomFile(3 * MIB)])
    const uploader = bench.open({}, { style })
    expect(await storedBy(uploader.upload(file, { partSizeBytes: MIB }))).toBe(await sha256(file))
  })

  test('open a bucket by an accelerate endpoint, which does not tell its region', async () => {
    const file = new Blob([randomFile(3 * MIB)])
    const uploader = bench.open({
      getCredentials: async () => {
        const credentials = await oss.credentials({ key: bench.key })
        const { port } = new URL(credentials.endpoint ?? '')
        return { ...credentials, endpoint: `http://oss-accelerate.localhost:${port}` }
      },
    })
    expect(await storedBy(uploader.upload(file, { partSizeBytes: MIB }))).toBe(await sha256(file))
  })

  test('open a bucket by a domain that is bound to it', async () => {
    const file = new Blob([randomFile(3 * MIB)])
    const uploader = bench.open({}, { cname: true })
    expect(await storedBy(uploader.upload(file, { partSizeBytes: MIB }))).toBe(await sha256(file))
  })
})

describe('requests that a server signs', () => {
  const signed: RequestToSign[] = []
  const ways: readonly (readonly [
    string,
    Omit<SignatureAuthorization, 'getCredentials' | 'getDestination'>,
  ])[] = [
    [
      'one by one',
      {
        signRequest: async ({ request }) => {
          signed.push(request)
          const [url = ''] = await oss.sign({ requests: [request] })
          return url
        },
      },
    ],
    [
      'in batches',
      {
        signRequests: async ({ requests }) => {
          signed.push(...requests)
          return oss.sign({ requests })
        },
      },
    ],
  ]

  test.each(ways)('%s store a file without a key in the browser', async (_, sign) => {
    signed.length = 0
    const file = new Blob([randomFile(5 * MIB)])
    const uploader = bench.open({ getDestination, ...sign })
    const upload = uploader.upload(file, { partSizeBytes: MIB, object: { metadata: { author: 'me' } } })
    expect(await storedBy(upload)).toBe(await sha256(file))
    expect(await upload.result).toMatchObject({ mediaId: 'media', crc64Verified: true })
    expect(signed.map(({ method }) => method).sort()).toEqual([
      'POST',
      'POST',
      'PUT',
      'PUT',
      'PUT',
      'PUT',
      'PUT',
    ])
    expect((await oss.stored({ key: bench.key }))?.headers).toMatchObject({ 'x-oss-meta-author': 'me' })
  })

  test('that end too early are signed again', async () => {
    const file = new Blob([randomFile(3 * MIB)])
    let stale = 2
    const uploader = bench.open({
      maxAttempts: 1,
      getDestination,
      signRequest: async ({ request }) => {
        stale -= 1
        const [url = ''] = await oss.sign({
          requests: [request],
          ...(stale >= 0 ? { agoSeconds: 3600 } : {}),
        })
        return url
      },
    })
    expect(await storedBy(uploader.upload(file, { partSizeBytes: MIB }))).toBe(await sha256(file))
  })

  test('go on after a pause, and stop asking during it', async () => {
    const file = new Blob([randomFile(3 * MIB)])
    let asked = 0
    let stopped = 0
    let isAway = true
    const uploader = bench.open({
      getDestination,
      signRequests: async ({ requests, signal }) => {
        asked += 1
        if (isAway && requests[0]?.query['partNumber'] !== undefined) {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          stopped += 1
        }
        return oss.sign({ requests })
      },
    })
    const upload = uploader.upload(file, { partSizeBytes: MIB })
    await expect.poll(() => asked).toBe(2)
    upload.pause()
    await expect.poll(() => stopped).toBe(1)
    isAway = false
    upload.resume()
    expect(await storedBy(upload)).toBe(await sha256(file))
  })

  test.each(['signRequest', 'signRequests'] as const)(
    'that %s refuses pause the upload, with what it said',
    async (name) => {
      const refuse = async (): Promise<never> => {
        throw new Error('the server answered 500')
      }
      const sign = name === 'signRequest' ? { signRequest: refuse } : { signRequests: refuse }
      const uploader = bench.open({ getDestination, ...sign })
      const upload = uploader.upload(new Blob([randomFile(10)]))
      await expect
        .poll(() => upload.state, { timeout: 10_000 })
        .toMatchObject({
          status: 'paused',
          error: {
            code: 'CREDENTIALS_FAILED',
            message: expect.stringMatching(`^${name} failed .*the server answered 500$`),
          },
        })
    },
  )
})

describe('a form that a server signs', () => {
  test.each([
    ['a small file', 10],
    ['a file that would go in parts', 9 * MIB],
  ])('stores %s in one request', async (_, sizeBytes) => {
    const file = new File([randomFile(sizeBytes)], '中 文.mp4', { type: 'video/mp4' })
    const uploader = bench.open({ getCredentials: () => oss.form({ key: bench.key }) })
    const upload = uploader.upload(file, {
      object: { metadata: { author: 'me' }, contentDisposition: 'attachment', tags: { owner: 'a b' } },
    })
    const seen: number[] = []
    upload.on('progress', ({ sentBytes }) => void seen.push(sentBytes))
    expect(await storedBy(upload)).toBe(await sha256(file))
    expect(await upload.result).toMatchObject({ key: bench.key, crc64Verified: true })
    expect(await bench.operations()).toEqual(['PostObject'])
    expect(Math.max(...seen)).toBe(sizeBytes)
    expect((await oss.stored({ key: bench.key }))?.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-disposition': 'attachment',
      'x-oss-meta-author': 'me',
      'x-oss-tagging-count': '1',
    })
  })

  test('is sent from the beginning after a pause', async () => {
    const file = new Blob([randomFile(3 * MIB)])
    await oss.orderFault({ kind: 'bandwidth', bytesPerSecond: 2 * MIB, op: 'PostObject', times: 1 })
    const upload = bench.open({ getCredentials: () => oss.form({ key: bench.key }) }).upload(file)
    await expect.poll(() => upload.progress.sentBytes).toBeGreaterThan(0)
    upload.pause()
    await expect.poll(() => upload.state.status).toBe('paused')
    upload.resume()
    expect(await storedBy(upload)).toBe(await sha256(file))
  })

  test('is sent again when the service fails, and when what arrived was damaged', async () => {
    const file = new Blob([randomFile(MIB)])
    await oss.orderFault({
      kind: 'status',
      status: 503,
      code: 'ServiceUnavailable',
      op: 'PostObject',
      times: 1,
    })
    await oss.orderFault({ kind: 'corrupt-body', op: 'PostObject', times: 1 })
    const upload = bench.open({ getCredentials: () => oss.form({ key: bench.key }) }).upload(file)
    expect(await storedBy(upload)).toBe(await sha256(file))
  })

  test('for another key is refused by the service', async () => {
    const uploader = bench.open({
      getCredentials: async () => ({ ...(await oss.form({ key: bench.key })), key: 'another' }),
    })
    await expect(uploader.upload(new Blob(['a'])).result).rejects.toMatchObject({
      status: 403,
      serviceCode: 'AccessDenied',
    })
  })

  test('calls back the application', async () => {
    const uploader = bench.open({ getCredentials: () => oss.form({ key: bench.key }) })
    const { callback } = await uploader.upload(new Blob(['abc']), {
      callback: {
        url: oss.callbackUrl,
        body: '{"size":${size},"user":${x:user}}',
        bodyType: 'application/json',
        variables: { user: 'me' },
      },
    }).result
    expect(callback).toEqual({ status: 'succeeded', body: '{"heard":{"size":3,"user":"me"}}' })
  })
})

describe('the object', () => {
  test.each([
    ['in one request', 10],
    ['in parts', 3 * MIB],
  ])('that is sent %s gets what the options say', async (_, sizeBytes) => {
    const file = new File([randomFile(sizeBytes)], 'a.mp4', { type: 'video/mp4' })
    const upload = bench.open().upload(file, {
      partSizeBytes: MIB,
      object: {
        acl: 'public-read',
        storageClass: 'IA',
        tags: { owner: 'a b' },
        metadata: { author: 'me' },
        contentDisposition: "attachment; filename*=UTF-8''%E4%B8%AD.mp4",
        contentLanguage: 'zh',
        cacheControl: 'max-age=60',
        expires: new Date('2030-01-01T00:00:00Z'),
      },
    })
    expect(await storedBy(upload)).toBe(await sha256(file))
    expect((await oss.stored({ key: bench.key }))?.headers).toMatchObject({
      'content-type': 'video/mp4',
      'x-oss-storage-class': 'IA',
      'x-oss-meta-author': 'me',
      'content-disposition': "attachment; filename*=UTF-8''%E4%B8%AD.mp4",
      'content-language': 'zh',
      'cache-control': 'max-age=60',
      expires: 'Tue, 01 Jan 2030 00:00:00 GMT',
      'x-oss-tagging-count': '1',
    })
  })

  test('is not replaced where that is forbidden', async () => {
    const uploader = bench.open()
    const object = { forbidOverwrite: true }
    await uploader.upload(new Blob(['one']), { object }).result
    await expect(uploader.upload(new Blob(['two']), { object }).result).rejects.toMatchObject({
      serviceCode: 'FileAlreadyExists',
    })
  })

  test('is told to the application by a callback, whose answer comes with the result', async () => {
    const upload = bench.open().upload(new Blob([randomFile(3 * MIB)]), {
      partSizeBytes: MIB,
      callback: {
        url: oss.callbackUrl,
        body: '{"key":${object},"size":${size},"user":${x:user}}',
        bodyType: 'application/json',
        variables: { user: '中' },
      },
    })
    const { callback } = await upload.result
    expect(callback).toMatchObject({ status: 'succeeded' })
    expect(JSON.parse(callback?.status === 'succeeded' ? callback.body : '')).toEqual({
      heard: { key: bench.key, size: 3 * MIB, user: '中' },
    })
  })
})

test('a part that fails and comes through is told by retry and retry-resume', async () => {
  await oss.orderFault({ kind: 'status', status: 500, code: 'InternalError', op: 'UploadPart', times: 1 })
  const upload = bench.open().upload(new Blob([randomFile(2 * MIB)]), { partSizeBytes: MIB })
  const events: string[] = []
  upload.on('retry', ({ error, attempt }) => void events.push(`retry ${attempt} ${error.code}`))
  upload.on('retry-resume', () => void events.push('retry-resume'))
  await upload.result
  expect(events).toEqual(['retry 1 SERVICE_ERROR', 'retry-resume'])
})
