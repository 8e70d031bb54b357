import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import type { FaultOrder } from '@sluice/oss-server'
import { spawnWorker } from '@sluice/worker/spawn'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { BUCKET, HIDING_BUCKET } from '../../../test/harness/oss-fixture-api.ts'
import type { CredentialsWish } from '../../../test/harness/oss-fixture-api.ts'
import { connectOssFixture } from '../../../test/harness/oss-fixture-client.ts'
import { createUploader } from './index.ts'
import type { Upload, Uploader, UploaderOptions, UploadStatus } from './index.ts'

const MIB = 1024 ** 2
const oss = connectOssFixture(inject('ossFixtureUrl'))

let uploader: Uploader | undefined
let lastKey = 0
let key: string

beforeEach(() => {
  lastKey += 1
  key = `uploads/${lastKey}-${crypto.randomUUID()}.bin`
})
afterEach(async () => {
  await uploader?.close()
  uploader = undefined
  await oss.clearFaults()
})

/** An uploader whose files go to this test's key. */
function open(options: Partial<UploaderOptions> = {}, wish: Partial<CredentialsWish> = {}): Uploader {
  uploader = createUploader({ getCredentials: () => oss.credentials({ key, ...wish }), ...options })
  return uploader
}

/** Resolves when an upload is in a state, or rejects when it ends in another. */
function reaches(upload: Upload, status: UploadStatus): Promise<void> {
  return new Promise((resolve, reject) => {
    if (upload.state.status === status) return resolve()
    upload.on('statechange', ({ to }) => {
      if (to.status === status) resolve()
      else if (to.status === 'failed') reject(to.error)
    })
  })
}

/** Resolves at the first report that at least so many bytes were sent. */
function sends(upload: Upload, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    upload.on('progress', ({ sentBytes }) => sentBytes >= bytes && resolve())
  })
}

/** A `getCredentials` whose first answer never comes. */
function createHangingCredentials(): {
  readonly getCredentials: UploaderOptions['getCredentials']
  readonly first: Promise<AbortSignal>
} {
  let ask: ((signal: AbortSignal) => void) | undefined
  const first = new Promise<AbortSignal>((resolve) => {
    ask = resolve
  })
  return {
    first,
    getCredentials: ({ signal }) => {
      if (ask === undefined) return oss.credentials({ key })
      ask(signal)
      ask = undefined
      return new Promise(() => undefined)
    },
  }
}

const operations = async (): Promise<readonly string[]> => (await oss.log({ key })).map(({ op }) => op)

describe('an upload', () => {
  test('of a small file is one PutObject, and the stored object is the file', async () => {
    const file = randomFile(100_000, 'small.txt', 'text/plain')
    const result = await open().upload(file).result
    expect(result).toMatchObject({
      bucket: BUCKET,
      key,
      sizeBytes: 100_000,
      crc64Verified: true,
      mediaId: undefined,
    })
    expect(await oss.stored({ key })).toEqual({
      sizeBytes: 100_000,
      sha256: await sha256(file),
      contentType: 'text/plain',
    })
    expect(await operations()).toEqual(['PutObject'])
  })

  test('of an empty file stores an empty object', async () => {
    const result = await open().upload(new File([], 'empty')).result
    expect(result).toMatchObject({ sizeBytes: 0, crc64: '0', crc64Verified: true })
    expect(await oss.stored({ key })).toMatchObject({ sizeBytes: 0 })
  })

  test('of a larger file goes in parts, and the stored object is the file', async () => {
    const file = randomFile(20 * MIB + 1, 'large.bin')
    const result = await open().upload(file, { partSizeBytes: 2 * MIB }).result
    expect(result.crc64Verified).toBe(true)
    expect(await oss.stored({ key })).toMatchObject({ sizeBytes: file.size, sha256: await sha256(file) })
    const ops = await operations()
    expect([ops.at(0), ops.at(-1)]).toEqual(['InitiateMultipartUpload', 'CompleteMultipartUpload'])
    expect(ops.filter((op) => op === 'UploadPart')).toHaveLength(11)
    expect(await oss.openUploads({ key })).toEqual([])
  })

  test('of a Blob without a name works', async () => {
    const upload = open().upload(new Blob(['hello']))
    expect(upload.name).toBe('blob')
    await upload.result
    expect(await oss.stored({ key })).toMatchObject({ sizeBytes: 5, contentType: 'application/octet-stream' })
  })

  test('reports its states in order, and all bytes as sent before it succeeds', async () => {
    const upload = open().upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    const events: string[] = []
    upload.on('statechange', ({ from, to }) => events.push(`${from.status} > ${to.status}`))
    upload.on('progress', ({ sentBytes, totalBytes }) => {
      if (sentBytes === totalBytes && events.at(-1) === 'uploading > completing') events.push('all sent')
    })
    await upload.result
    expect(events).toEqual([
      'queued > preparing',
      'preparing > uploading',
      'uploading > completing',
      'all sent',
      'completing > succeeded',
    ])
    expect(upload.progress).toMatchObject({ sentBytes: 3 * MIB, totalBytes: 3 * MIB })
  })

  test('asks for credentials once, with reason, file and name', async () => {
    const asked: unknown[] = []
    const file = randomFile(1000, 'name.mp4')
    const getCredentials: UploaderOptions['getCredentials'] = async ({
      reason,
      file: given,
      name,
      signal,
    }) => {
      asked.push([reason, given === file, name, signal.aborted])
      return oss.credentials({ key })
    }
    await open({ getCredentials }).upload(file).result
    expect(asked).toEqual([['create', true, 'name.mp4', false]])
  })

  test.each(['v4', 'v1'] as const)('is signed by %s with a bucket in the host', async (signatureVersion) => {
    const file = randomFile(2 * MIB)
    await open({ signatureVersion }, { style: 'virtual' }).upload(file, { partSizeBytes: MIB }).result
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('in many parts uses more workers, and no more than allowed', async () => {
    let started = 0
    const createWorker = (): Worker => {
      started += 1
      return spawnWorker()
    }
    const file = randomFile(32 * MIB)
    const options = { createWorker, maxWorkers: 2, parallelParts: 6 }
    await open(options).upload(file, { partSizeBytes: MIB }).result
    expect(started).toBe(2)
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
  })
})

describe('a key', () => {
  const awkward = [
    'with space and+plus.bin',
    '100%/a%20b.bin',
    'hash#and?question&equals=.bin',
    '中文/文件 名.mp4',
    'emoji-😀/𠮷.bin',
    '~tilde-\'single\'-"double"-(round)-*!.bin',
    'a//b',
    'a/./b',
    '../x',
    'back\\slash',
    'e\u0301 and \u00e9',
    `long-${'x'.repeat(1018)}`,
  ]
  const rows = awkward.flatMap((name) => [
    { name, signatureVersion: 'v4' as const, style: 'path' as const },
    { name, signatureVersion: 'v4' as const, style: 'virtual' as const },
    { name, signatureVersion: 'v1' as const, style: 'virtual' as const },
  ])

  test.each(rows)(
    '$name arrives as it is ($signatureVersion, $style)',
    async ({ name, signatureVersion, style }) => {
      key = name
      const file = randomFile(2000)
      const result = await open({ signatureVersion }, { style }).upload(file).result
      expect(result.key).toBe(name)
      expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
    },
  )

  test('that is awkward works in parts as well', async () => {
    key = `awkward/ +%#?&='"~😀/${key}`
    const file = randomFile(3 * MIB)
    await open().upload(file, { partSizeBytes: MIB }).result
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
  })
})

describe('ten files at once', () => {
  test('never open more than six connections, and all arrive', async () => {
    const files = Array.from({ length: 10 }, (_, index) => randomFile(4 * MIB, `file-${index}`))
    const getCredentials: UploaderOptions['getCredentials'] = ({ name }) =>
      oss.credentials({ key: `${key}/${name}`, apart: true })
    const { upload } = open({ getCredentials })
    const results = await Promise.all(files.map((file) => upload(file, { partSizeBytes: MIB / 2 }).result))
    expect(await oss.peakConnectionsApart()).toBeLessThanOrEqual(6)
    for (const [index, result] of results.entries()) {
      const file = files[index]
      if (file === undefined) throw new Error('fewer files than results')
      const stored = await oss.stored({ key: result.key, apart: true })
      expect(stored).toMatchObject({ sha256: await sha256(file) })
    }
  })
})

describe('cancel()', () => {
  test('in the middle leaves no upload and no object on the server', async () => {
    await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const upload = open().upload(randomFile(8 * MIB), { partSizeBytes: MIB })
    await sends(upload, 1)
    expect(await oss.openUploads({ key })).toHaveLength(1)
    await upload.cancel()
    await expect(upload.result).rejects.toMatchObject({ code: 'CANCELED' })
    expect(upload.state.status).toBe('canceled')
    expect(await oss.openUploads({ key })).toEqual([])
    expect(await oss.stored({ key })).toBeUndefined()
  })

  test('while the upload is being opened aborts it as soon as its id is known', async () => {
    await oss.orderFault({ kind: 'delay', op: 'InitiateMultipartUpload', delayMs: 500 })
    const upload = open().upload(randomFile(2 * MIB), { partSizeBytes: MIB })
    await reaches(upload, 'preparing')
    await upload.cancel()
    expect(upload.state.status).toBe('canceled')
    expect(await oss.openUploads({ key })).toEqual([])
  })

  test('before credentials arrive aborts the question for them', async () => {
    const asked = createHangingCredentials()
    const upload = open({ getCredentials: asked.getCredentials }).upload(randomFile(10))
    const signal = await asked.first
    await upload.cancel()
    expect(signal.aborted).toBe(true)
    expect(upload.state.status).toBe('canceled')
  })

  test('twice, and after the end, is no error', async () => {
    const upload = open().upload(randomFile(10))
    await Promise.all([upload.cancel(), upload.cancel()])
    await upload.cancel()
    expect(upload.state.status).toBe('canceled')
  })

  test('comes too late while the object is put together: the upload succeeds', async () => {
    await oss.orderFault({ kind: 'delay', op: 'CompleteMultipartUpload', delayMs: 300 })
    const upload = open().upload(randomFile(2 * MIB), { partSizeBytes: MIB })
    await reaches(upload, 'completing')
    await upload.cancel()
    expect(upload.state.status).toBe('succeeded')
  })

  test('says so when the server could not be told', async () => {
    await oss.orderFault({
      kind: 'status',
      op: 'AbortMultipartUpload',
      times: 'always',
      status: 500,
      code: 'InternalError',
    })
    await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const upload = open({ maxAttempts: 2 }).upload(randomFile(8 * MIB), { partSizeBytes: MIB })
    await sends(upload, 1)
    await expect(upload.cancel()).rejects.toMatchObject({ code: 'SERVICE_ERROR', status: 500 })
    expect(upload.state.status).toBe('canceled')
  })

  test('by the signal of upload() rejects with its reason', async () => {
    const controller = new AbortController()
    const upload = open().upload(randomFile(10), { signal: controller.signal })
    const reason = new Error('user left')
    controller.abort(reason)
    await expect(upload.result).rejects.toBe(reason)
  })
})

describe('pause() and resume()', () => {
  test('keep what is confirmed: no part that the server has is sent again', async () => {
    await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: 2 * MIB })
    const file = randomFile(8 * MIB)
    const upload = open({ parallelParts: 2 }).upload(file, { partSizeBytes: MIB })
    await sends(upload, 3 * MIB)
    upload.pause()
    await reaches(upload, 'paused')
    const stored = (await oss.log({ key })).filter(({ op, status }) => op === 'UploadPart' && status === 200)
    expect(stored.length).toBeGreaterThan(0)
    await oss.clearFaults()
    upload.resume()
    await upload.result
    const all = (await oss.log({ key })).filter(({ op, status }) => op === 'UploadPart' && status === 200)
    const numbers = all.map(({ partNumber }) => partNumber)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('before credentials arrive asks again', async () => {
    const asked = createHangingCredentials()
    const upload = open({ getCredentials: asked.getCredentials }).upload(randomFile(10))
    const signal = await asked.first
    upload.pause()
    await reaches(upload, 'paused')
    upload.resume()
    await upload.result
    expect(signal.aborted).toBe(true)
  })
})

describe('an upload that another page left', () => {
  /** A file with the same content, name and time, as a picker gives it in another page. */
  const pickAgain = (file: File): File => new File([file], file.name, { lastModified: file.lastModified })

  const storedParts = async (): Promise<readonly number[]> =>
    (await oss.log({ key })).flatMap(({ op, status, partNumber }) =>
      op === 'UploadPart' && status === 200 ? [partNumber ?? 0] : [],
    )

  /** Uploads some parts in an uploader whose worker dies, as with its page. */
  async function leave(file: File): Promise<void> {
    await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: 4 * MIB })
    const workers: Worker[] = []
    const createWorker = (): Worker => {
      const worker = spawnWorker()
      workers.push(worker)
      return worker
    }
    const getCredentials = async (): Promise<object> => ({
      ...(await oss.credentials({ key })),
      VideoId: 'video',
    })
    const first = createUploader({ getCredentials, createWorker, maxWorkers: 1, parallelParts: 2 })
    first.upload(file, { partSizeBytes: MIB })
    while ((await storedParts()).length < 3) await new Promise((resolve) => requestAnimationFrame(resolve))
    for (const worker of workers) worker.terminate()
    await oss.clearFaults()
  }

  test('is listed, goes on with the media id, and sends nothing twice that the service has', async () => {
    const file = randomFile(8 * MIB, 'left.mp4')
    await leave(file)
    const asked: unknown[] = []
    const getCredentials: UploaderOptions['getCredentials'] = async ({ reason, mediaId }) => {
      asked.push([reason, mediaId])
      return oss.credentials({ key })
    }
    const { upload, resumable } = open({ getCredentials })
    const listed = (await resumable()).filter(({ name }) => name === 'left.mp4')
    expect(listed).toMatchObject([{ sizeBytes: 8 * MIB, mediaId: 'video', handle: undefined }])
    expect(listed[0]?.doneBytes).toBeGreaterThan(0)
    const { mediaId } = await upload(pickAgain(file), { partSizeBytes: MIB }).result

    expect(mediaId).toBe('video')
    expect(asked).toEqual([['resume', 'video']])
    expect((await storedParts()).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
    expect((await resumable()).filter(({ name }) => name === 'left.mp4')).toEqual([])
  })

  test('is taken off the service when it is canceled before it has gone on', async () => {
    const file = randomFile(8 * MIB, 'unwanted.mp4')
    await leave(file)
    expect(await oss.openUploads({ key })).toHaveLength(1)
    const { upload, resumable } = open()
    await upload(pickAgain(file), { partSizeBytes: MIB }).cancel()
    expect(await oss.openUploads({ key })).toEqual([])
    expect((await resumable()).filter(({ name }) => name === 'unwanted.mp4')).toEqual([])
  })
})

describe('the same file in two pages', () => {
  test('is uploaded by one at a time: the second waits, and takes over when the first dies', async () => {
    await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const workers: Worker[] = []
    const createWorker = (): Worker => {
      const worker = spawnWorker()
      workers.push(worker)
      return worker
    }
    const getCredentials = (): Promise<object> => oss.credentials({ key })
    const file = randomFile(8 * MIB, 'twice.mp4')
    const first = createUploader({ getCredentials, createWorker, maxWorkers: 1 })
    await sends(first.upload(file, { partSizeBytes: MIB }), 3 * MIB)

    const second = open().upload(file, { partSizeBytes: MIB })
    await reaches(second, 'waiting')
    expect(second.state).toEqual({ status: 'waiting', reason: 'locked' })
    await oss.clearFaults()
    for (const worker of workers) worker.terminate()
    await second.result
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
    expect(await oss.openUploads({ key })).toEqual([])
  })
})

describe('a file handle', () => {
  test('is uploaded, and comes back with what can be resumed', async () => {
    const content = randomFile(8 * MIB)
    const folder = await navigator.storage.getDirectory()
    const fileHandle = await folder.getFileHandle(`${crypto.randomUUID()}.mp4`, { create: true })
    const writable = await fileHandle.createWritable()
    await writable.write(content)
    await writable.close()

    await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const workers: Worker[] = []
    const createWorker = (): Worker => {
      const worker = spawnWorker()
      workers.push(worker)
      return worker
    }
    const first = createUploader({
      getCredentials: () => oss.credentials({ key }),
      createWorker,
      maxWorkers: 1,
    })
    const begun = first.upload(fileHandle, { partSizeBytes: MIB })
    expect(begun.name).toBe(fileHandle.name)
    await sends(begun, 2 * MIB)
    for (const worker of workers) worker.terminate()
    await oss.clearFaults()

    const { upload, resumable } = open()
    const { handle } = (await resumable()).find(({ name }) => name === fileHandle.name) ?? {}
    if (handle === undefined) throw new Error('The handle was not kept')
    await upload(handle, { partSizeBytes: MIB }).result
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(content) })
  })

  test('whose file is gone is FILE_UNREADABLE', async () => {
    const folder = await navigator.storage.getDirectory()
    const fileHandle = await folder.getFileHandle(crypto.randomUUID(), { create: true })
    await folder.removeEntry(fileHandle.name)
    await expect(open().upload(fileHandle).result).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

describe('what OSS stored', () => {
  test('is compared part by part: a wrong CRC-64 fails the upload and takes it off the server', async () => {
    await oss.orderFault({ kind: 'wrong-crc', op: 'UploadPart', partNumber: 2, times: 'always' })
    const { result } = open({ maxAttempts: 1 }).upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringContaining('part 2 of 3'),
    })
    expect(await oss.stored({ key })).toBeUndefined()
    expect(await oss.openUploads({ key })).toEqual([])
  })

  test.each(['CompleteMultipartUpload', 'PutObject'] as const)(
    'is compared as a whole (%s)',
    async (operation) => {
      await oss.orderFault({ kind: 'wrong-crc', op: operation })
      const size = operation === 'PutObject' ? MIB : 3 * MIB
      const { result } = open({ maxAttempts: 1 }).upload(randomFile(size), { partSizeBytes: MIB })
      await expect(result).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    },
  )

  test('is asked of ListParts where the CORS rule hides ETag and CRC-64', async () => {
    const file = randomFile(3 * MIB)
    const result = await open({}, { bucket: HIDING_BUCKET }).upload(file, { partSizeBytes: MIB }).result
    expect(result).toMatchObject({ crc64Verified: true, etag: undefined })
    expect(await oss.stored({ bucket: HIDING_BUCKET, key })).toMatchObject({ sha256: await sha256(file) })
    expect(await operations()).toContain('ListParts')
  })

  test('is said to be unproved where ListParts is forbidden besides', async () => {
    const file = randomFile(3 * MIB)
    const wish = { bucket: HIDING_BUCKET, denyOperations: ['ListParts'] as const }
    const result = await open({}, wish).upload(file, { partSizeBytes: MIB }).result
    expect(result.crc64Verified).toBe(false)
    expect(await oss.stored({ bucket: HIDING_BUCKET, key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('is looked up when the answer to Complete is lost', async () => {
    await oss.orderFault({ kind: 'lost-answer', op: 'CompleteMultipartUpload', times: 20 })
    const result = await open().upload(randomFile(3 * MIB), { partSizeBytes: MIB }).result
    expect(result.crc64Verified).toBe(true)
    expect((await operations()).at(-1)).toBe('HeadObject')
  })
})

describe('a failure that may pass', () => {
  test.each<[string, FaultOrder]>([
    [
      'an error of the service',
      { kind: 'status', op: 'UploadPart', partNumber: 2, status: 503, code: 'ServiceUnavailable', times: 2 },
    ],
    ['a service that asks to wait', { kind: 'throttled', op: 'UploadPart', partNumber: 2, qosDelayMs: 50 }],
    ['a part that arrives damaged', { kind: 'corrupt-body', op: 'UploadPart', partNumber: 2 }],
    [
      'a connection that is lost',
      { kind: 'reset', op: 'UploadPart', partNumber: 2, when: 'during-body', times: 3 },
    ],
    [
      'a Complete that is refused',
      { kind: 'status', op: 'CompleteMultipartUpload', status: 500, code: 'InternalError' },
    ],
  ])('is attempted again: %s', async (_, order) => {
    await oss.orderFault(order)
    const file = randomFile(3 * MIB)
    const result = await open().upload(file, { partSizeBytes: MIB }).result
    expect(result.crc64Verified).toBe(true)
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('of a small file is attempted again', async () => {
    await oss.orderFault({ kind: 'status', op: 'PutObject', status: 500, code: 'InternalError', times: 2 })
    await open().upload(randomFile(1000)).result
    expect(await operations()).toEqual(['PutObject', 'PutObject', 'PutObject'])
  })

  test('is given up after the last attempt, with the last error', async () => {
    await oss.orderFault({
      kind: 'status',
      op: 'PutObject',
      status: 500,
      code: 'InternalError',
      times: 'always',
    })
    const { result } = open({ maxAttempts: 3 }).upload(randomFile(1000))
    await expect(result).rejects.toMatchObject({ status: 500, serviceCode: 'InternalError' })
    expect(await operations()).toHaveLength(3)
  })

  test('of a worker of the pool is sent again by another', async () => {
    const workers: Worker[] = []
    const createWorker = (): Worker => {
      const worker = spawnWorker()
      workers.push(worker)
      return worker
    }
    await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: 4 * MIB })
    const file = randomFile(12 * MIB)
    const upload = open({ createWorker, maxWorkers: 2, parallelParts: 6 }).upload(file, {
      partSizeBytes: MIB,
    })
    await sends(upload, 2 * MIB)
    while (workers.length < 2) await new Promise((resolve) => requestAnimationFrame(resolve))
    workers[1]?.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }))
    await oss.clearFaults()
    await upload.result
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
  })
})

describe('a failure', () => {
  test('of the service is a ServiceError, and what was sent is kept for the next try', async () => {
    await oss.orderFault({
      kind: 'status',
      op: 'UploadPart',
      partNumber: 2,
      status: 503,
      code: 'ServiceUnavailable',
    })
    const file = randomFile(3 * MIB)
    const { upload } = open({ maxAttempts: 1 })
    const { result } = upload(file, { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({
      code: 'SERVICE_ERROR',
      status: 503,
      serviceCode: 'ServiceUnavailable',
      requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
      message: expect.stringContaining('PUT part 2 of 3 failed: 503 ServiceUnavailable'),
    })
    expect(await oss.openUploads({ key })).toHaveLength(1)
    await upload(file, { partSizeBytes: MIB }).result
    const stored = (await oss.log({ key })).filter(({ op, status }) => op === 'UploadPart' && status === 200)
    expect(new Set(stored.map(({ partNumber }) => partNumber)).size).toBe(stored.length)
    expect(await oss.openUploads({ key })).toEqual([])
  })

  test('of a connection is NETWORK', async () => {
    await oss.orderFault({ kind: 'reset', op: 'PutObject', when: 'during-body', times: 20 })
    await expect(open({ maxAttempts: 1 }).upload(randomFile(100_000)).result).rejects.toMatchObject({
      code: 'NETWORK',
    })
  })

  test('of a server that stalls is TIMEOUT', async () => {
    await oss.orderFault({ kind: 'stall', op: 'PutObject', when: 'answering' })
    const { result } = open({ stallTimeoutMs: 1000, maxAttempts: 1 }).upload(randomFile(1000))
    await expect(result).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('1000 ms'),
    })
  })

  test('of an answer that is cut is RESPONSE_INVALID', async () => {
    const cut = { kind: 'truncated-answer', keepBytes: 100, http: 'valid' } as const
    await oss.orderFault({ ...cut, op: 'InitiateMultipartUpload' })
    const { result } = open({ maxAttempts: 1 }).upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({ code: 'RESPONSE_INVALID' })
  })

  test("of a proxy's page, which has no CORS headers, is NETWORK", async () => {
    await oss.orderFault({ kind: 'html-answer', op: 'InitiateMultipartUpload' })
    const { result } = open({ maxAttempts: 1 }).upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringContaining('CORS') })
  })

  test('of credentials that have expired is a ServiceError that does not tell the token', async () => {
    const credentials = await oss.credentials({ key })
    await oss.orderFault({ kind: 'expired-token', times: 'always' })
    const { result } = open({ getCredentials: async () => credentials }).upload(randomFile(10))
    const error: unknown = await result.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ status: 403, serviceCode: 'SecurityTokenExpired' })
    expect(JSON.stringify(error) + String(error)).not.toContain(credentials.securityToken)
  })
})

describe('getCredentials', () => {
  test('that throws fails the upload with its error as the cause', async () => {
    const getCredentials = (): Promise<never> => Promise.reject(new Error('401 from /api'))
    const { result } = open({ getCredentials }).upload(randomFile(10, 'a.mp4'))
    await expect(result).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: 'No credentials for "a.mp4": 401 from /api',
      cause: { message: '401 from /api' },
    })
  })

  test('that throws before it makes a promise does the same', async () => {
    const getCredentials = (): never => {
      throw new Error('no session')
    }
    const { result } = open({ getCredentials }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({ code: 'CREDENTIALS_FAILED' })
  })

  test('that hangs fails the upload after its time limit', async () => {
    const getCredentials = (): Promise<never> => new Promise(() => undefined)
    const { result } = open({ getCredentials, credentialsTimeoutMs: 50 }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: expect.stringContaining('within 50 ms'),
    })
  })

  test('that answers what cannot be posted is told so', async () => {
    const { result } = open({ getCredentials: async () => new Response('{}') }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: expect.stringContaining('plain JSON'),
    })
  })

  test.each([
    ['nothing', undefined, 'got undefined'],
    ['no secret', { bucket: 'abc', key: 'k', region: 'r', accessKeyId: 'a' }, 'accessKeySecret is missing'],
    ['no Base64', { UploadAuth: '*', UploadAddress: '*' }, 'uploadAddress is not Base64'],
  ])('that answers %s is told which field, before any request', async (_, answer, words) => {
    const { result } = open({ getCredentials: async () => answer }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
      message: expect.stringContaining(words),
    })
    expect(await operations()).toEqual([])
  })
})

describe('upload() refuses', () => {
  test.each([
    ['nothing', undefined, 'was anything picked'],
    ['a text', 'file.mp4', 'got [object String]'],
    ['a folder of a drop', { isDirectory: true, name: 'folder' }, 'this is a folder'],
    ['a handle of a folder', { kind: 'directory', name: 'folder' }, 'this is a folder'],
  ])('%s', (_, value, words) => {
    const { upload } = open()
    expect(() => upload(value as unknown as File)).toThrow(
      expect.objectContaining({ code: 'INVALID_FILE', message: expect.stringContaining(words) }),
    )
  })

  test('a part size out of range', () => {
    const { upload } = open()
    expect(() => upload(new File([], 'a'), { partSizeBytes: 1 })).toThrow(
      'partSizeBytes must be an integer from 102400',
    )
  })

  test('anything after close()', async () => {
    const { upload, close } = open()
    await close()
    expect(() => upload(new File([], 'a'))).toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })
})

describe('a file', () => {
  const writeFile = async (handle: FileSystemFileHandle, content: Blob): Promise<void> => {
    const writable = await handle.createWritable()
    await writable.write(content)
    await writable.close()
  }
  const createFile = async (content: Blob): Promise<FileSystemFileHandle> => {
    const folder = await navigator.storage.getDirectory()
    const handle = await folder.getFileHandle(crypto.randomUUID(), { create: true })
    await writeFile(handle, content)
    return handle
  }

  test('that was changed after it was picked is FILE_UNREADABLE before anything is sent', async () => {
    const handle = await createFile(randomFile(MIB))
    const picked = await handle.getFile()
    await writeFile(handle, randomFile(2 * MIB))
    await expect(open().upload(picked).result).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(await operations()).toEqual([])
  })

  test('that changes during the upload is FILE_CHANGED, and nothing is completed', async () => {
    await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: 2 * MIB })
    const handle = await createFile(randomFile(12 * MIB))
    const upload = open().upload(await handle.getFile(), { partSizeBytes: MIB })
    await sends(upload, 1)
    await writeFile(handle, randomFile(12 * MIB))
    await expect(upload.result).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    expect(await oss.stored({ key })).toBeUndefined()
    expect(await oss.openUploads({ key })).toEqual([])
  })
})

describe('the worker', () => {
  test('that is not there fails uploads with WORKER_FAILED at once', async () => {
    const { result } = open({ workerUrl: '/no-such-worker.js', workerTimeoutMs: 60_000 }).upload(
      randomFile(10),
    )
    await expect(result).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      message: expect.stringContaining('workerUrl'),
    })
  })

  test('of another origin fails uploads with WORKER_FAILED', async () => {
    const { result } = open({ workerUrl: 'http://other.localhost/w.js' }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({ code: 'WORKER_FAILED' })
  })

  test('that never answers fails uploads with WORKER_FAILED after its time limit', async () => {
    const silent = URL.createObjectURL(new Blob([''], { type: 'text/javascript' }))
    const { result } = open({ workerUrl: silent, workerTimeoutMs: 200 }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      message: expect.stringContaining('200 ms'),
    })
    URL.revokeObjectURL(silent)
  })

  test('that could not be made fails uploads with WORKER_FAILED and the reason', async () => {
    const createWorker = (): never => {
      throw new Error('no workers here')
    }
    const upload = open({ createWorker }).upload(randomFile(10))
    await expect(upload.result).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      cause: { message: 'no workers here' },
    })
    await upload.cancel()
  })

  test('that dies fails what it was doing with WORKER_CRASHED; the next upload starts another', async () => {
    await oss.orderFault({ kind: 'delay', op: 'PutObject', delayMs: 2000 })
    const workers: Worker[] = []
    const createWorker = (): Worker => {
      const worker = spawnWorker()
      workers.push(worker)
      return worker
    }
    const { upload } = open({ createWorker })
    const first = upload(randomFile(10))
    await reaches(first, 'uploading')
    workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }))
    await expect(first.result).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('out of memory'),
    })
    await oss.clearFaults()
    await upload(randomFile(10)).result
    expect(workers).toHaveLength(2)
  })

  test('of the pool that does not load is done without', async () => {
    let started = 0
    const createWorker = (): Worker => {
      started += 1
      return started === 1 ? spawnWorker() : new Worker('/no-such-worker.js', { type: 'module' })
    }
    const file = randomFile(16 * MIB)
    await open({ createWorker, maxWorkers: 3, parallelParts: 6 }).upload(file, { partSizeBytes: MIB }).result
    expect(started).toBe(2)
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
  })
})

test('close() cancels what is under way and leaves nothing on the server', async () => {
  await oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
  const { upload, close } = open()
  const running = upload(randomFile(8 * MIB), { partSizeBytes: MIB })
  await sends(running, 1)
  await close()
  expect(running.state.status).toBe('canceled')
  expect(await oss.openUploads({ key })).toEqual([])
})

describe('a database that cannot be used', () => {
  const deleteDatabase = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase('sluice')
      deleting.addEventListener('success', () => resolve())
      deleting.addEventListener('error', () => reject(deleting.error))
    })

  test('is told of once, and the upload goes on', async () => {
    await deleteDatabase()
    // Of the same name, but without the store: what a damaged or a foreign one looks like.
    const foreign = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('sluice', 7)
      opening.addEventListener('success', () => resolve(opening.result))
      opening.addEventListener('error', () => reject(opening.error))
    })
    foreign.close()
    const warnings: string[] = []
    const file = randomFile(3 * MIB)
    const { upload, on, close } = open()
    on('warning', ({ code }) => warnings.push(code))
    await upload(file, { partSizeBytes: MIB }).result
    await close()
    await deleteDatabase()
    expect(warnings).toEqual(['CHECKPOINTS_IN_MEMORY'])
    expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
  })
})

test('no event and no error holds a secret', async () => {
  const told: unknown[] = []
  const secrets: string[] = []
  const getCredentials: UploaderOptions['getCredentials'] = async () => {
    const credentials = await oss.credentials({ key })
    secrets.push(credentials.accessKeySecret, credentials.securityToken ?? '')
    return credentials
  }
  await oss.orderFault({ kind: 'expired-token', op: 'UploadPart', times: 'always', attempt: 3 })
  const { upload, on } = open({ getCredentials })
  on('warning', (event) => told.push(event))
  const failing = upload(randomFile(6 * MIB), { partSizeBytes: MIB })
  for (const type of ['progress', 'statechange', 'restart'] as const)
    failing.on(type, (event) => told.push(event))
  told.push(await failing.result.catch((error: unknown) => error))

  const seen = new Set<unknown>()
  const textOf = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return String(value)
    if (seen.has(value)) return ''
    seen.add(value)
    return Object.getOwnPropertyNames(value)
      .map((name) => `${name} ${textOf(Reflect.get(value, name))}`)
      .join(' ')
  }
  const text = textOf(told)
  expect(text).toContain('SecurityTokenExpired')
  expect(secrets.length).toBeGreaterThanOrEqual(4)
  for (const secret of secrets) expect(text).not.toContain(secret)
})

describe('close()', () => {
  test('settles every result, whatever the upload was doing', async () => {
    for (let round = 0; round < 10; round++) {
      const { upload, close } = createUploader({ getCredentials: () => new Promise(() => undefined) })
      const uploads = Array.from({ length: 8 }, (_, index) => upload(new File([`${round}`], `${index}`)))
      await close()
      const codes = await Promise.all(uploads.map(({ result }) => result.catch((error: unknown) => error)))
      expect(codes).toEqual(uploads.map(() => expect.objectContaining({ code: 'CANCELED' })))
    }
  })

  test('settles a question that is under way', async () => {
    const { resumable, close } = open()
    const waiting = resumable()
    await close()
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

test('cancel() of a handle whose file is still being opened ends the upload at once', async () => {
  const folder = await navigator.storage.getDirectory()
  const fileHandle = await folder.getFileHandle(crypto.randomUUID(), { create: true })
  const upload = open().upload(fileHandle)
  await upload.cancel()
  await expect(upload.result).rejects.toMatchObject({ code: 'CANCELED' })
})

test('upload() refuses an imitation of a handle, which cannot be handed to the worker', () => {
  const imitation = { kind: 'file', name: 'x', getFile: async () => new File([], 'x') }
  const { upload } = open()
  expect(() => upload(imitation as unknown as FileSystemFileHandle)).toThrow(
    expect.objectContaining({ code: 'INVALID_FILE' }),
  )
})
