import { describe, expect, test } from 'vitest'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { createUploadBench, MIB, reaches, sends } from '../../../test/harness/upload-bench.ts'
import { createUploader } from './index.ts'
import type { GetCredentials } from './index.ts'

const bench = createUploadBench()

/** A `getCredentials` whose first answer never comes. */
function createHangingCredentials(): {
  readonly getCredentials: GetCredentials
  readonly first: Promise<AbortSignal>
} {
  let ask: ((signal: AbortSignal) => void) | undefined
  const first = new Promise<AbortSignal>((resolve) => {
    ask = resolve
  })
  return {
    first,
    getCredentials: ({ signal }) => {
      if (ask === undefined) return bench.oss.credentials({ key: bench.key })
      ask(signal)
      ask = undefined
      return new Promise(() => undefined)
    },
  }
}

test('a limit of bytes per second is kept', async () => {
  const { upload } = bench.open({ maxBytesPerSecond: MIB })
  const startedMs = performance.now()
  await upload(randomFile(3 * MIB), { partSizeBytes: MIB }).result
  expect(performance.now() - startedMs).toBeGreaterThan(2000)
  expect(await bench.storedParts()).toHaveLength(3)
})

describe('cancel()', () => {
  test('in the middle leaves no upload and no object on the server', async () => {
    await bench.oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const upload = bench.open().upload(randomFile(8 * MIB), { partSizeBytes: MIB })
    await sends(upload, 1)
    expect(await bench.oss.openUploads({ key: bench.key })).toHaveLength(1)
    await upload.cancel()
    await expect(upload.result).rejects.toMatchObject({ code: 'CANCELED' })
    expect(upload.state.status).toBe('canceled')
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
    expect(await bench.oss.stored({ key: bench.key })).toBeUndefined()
  })

  test('while the upload is being opened aborts it as soon as its id is known', async () => {
    await bench.oss.orderFault({ kind: 'delay', op: 'InitiateMultipartUpload', delayMs: 500 })
    const upload = bench.open().upload(randomFile(2 * MIB), { partSizeBytes: MIB })
    await reaches(upload, 'preparing')
    await upload.cancel()
    expect(upload.state.status).toBe('canceled')
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
  })

  test('before credentials arrive aborts the question for them', async () => {
    const asked = createHangingCredentials()
    const upload = bench.open({ getCredentials: asked.getCredentials }).upload(randomFile(10))
    const signal = await asked.first
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
    await upload.cancel()
    // The word of it comes another way than the end of cancel().
    await aborted
    expect(upload.state.status).toBe('canceled')
  })

  test('twice, and after the end, is no error', async () => {
    const upload = bench.open().upload(randomFile(10))
    await Promise.all([upload.cancel(), upload.cancel()])
    await upload.cancel()
    expect(upload.state.status).toBe('canceled')
  })

  test('comes too late while the object is put together: the upload succeeds', async () => {
    await bench.oss.orderFault({ kind: 'delay', op: 'CompleteMultipartUpload', delayMs: 300 })
    const upload = bench.open().upload(randomFile(2 * MIB), { partSizeBytes: MIB })
    await reaches(upload, 'completing')
    await upload.cancel()
    expect(upload.state.status).toBe('succeeded')
  })

  test('says so when the server could not be told', async () => {
    await bench.oss.orderFault({
      kind: 'status',
      op: 'AbortMultipartUpload',
      times: 'always',
      status: 500,
      code: 'InternalError',
    })
    await bench.oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const upload = bench.open({ maxAttempts: 2 }).upload(randomFile(8 * MIB), { partSizeBytes: MIB })
    await sends(upload, 1)
    await expect(upload.cancel()).rejects.toMatchObject({ code: 'SERVICE_ERROR', status: 500 })
    expect(upload.state.status).toBe('canceled')
  })

  test('by the signal of upload() rejects with its reason', async () => {
    const controller = new AbortController()
    const upload = bench.open().upload(randomFile(10), { signal: controller.signal })
    const reason = new Error('user left')
    controller.abort(reason)
    await expect(upload.result).rejects.toBe(reason)
  })
})

describe('pause() and resume()', () => {
  test('keep what is confirmed: only what was on its way is sent again', async () => {
    await bench.oss.orderFault({
      kind: 'bandwidth',
      times: 'always',
      op: 'UploadPart',
      bytesPerSecond: 2 * MIB,
    })
    const file = randomFile(8 * MIB)
    const upload = bench.open({ parallelParts: 2 }).upload(file, { partSizeBytes: MIB })
    await sends(upload, 6 * MIB)
    upload.pause()
    await reaches(upload, 'paused')
    expect(upload.progress.sentBytes).toBeGreaterThan(0)
    await bench.oss.clearFaults()
    upload.resume()
    await upload.result
    // Two at a time: no more than these can have arrived without their answer having been seen.
    expect((await bench.storedParts()).length).toBeLessThanOrEqual(8 + 2)
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('before credentials arrive asks again', async () => {
    const asked = createHangingCredentials()
    const upload = bench.open({ getCredentials: asked.getCredentials }).upload(randomFile(10))
    const signal = await asked.first
    upload.pause()
    await reaches(upload, 'paused')
    upload.resume()
    await upload.result
    expect(signal.aborted).toBe(true)
  })
})

test('close() cancels what is under way and leaves nothing on the server', async () => {
  await bench.oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
  const { upload, close } = bench.open()
  const running = upload(randomFile(8 * MIB), { partSizeBytes: MIB })
  await sends(running, 1)
  await close()
  expect(running.state.status).toBe('canceled')
  expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
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
    const { resumable, close } = bench.open()
    const waiting = resumable()
    await close()
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

test('cancel() of a handle whose file is still being opened ends the upload at once', async () => {
  const folder = await navigator.storage.getDirectory()
  const fileHandle = await folder.getFileHandle(crypto.randomUUID(), { create: true })
  const upload = bench.open().upload(fileHandle)
  await upload.cancel()
  await expect(upload.result).rejects.toMatchObject({ code: 'CANCELED' })
})
