import { afterEach, describe, expect, test, vi } from 'vitest'
import { spawnWorker } from '@sluice/worker/spawn'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { createUploadBench, MIB, reaches, sends, trackWorkers } from '../../../test/harness/upload-bench.ts'
import type { Uploader, UploaderWarning } from './index.ts'

const bench = createUploadBench()
const DEATHS = ['throw', 'hang', 'close'] as const

/** So slow, for each connection, that there is time to do something in the middle. */
const slowly = (bytesPerSecond: number): Promise<void> =>
  bench.oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond })

function warningsOf({ on }: Uploader): readonly UploaderWarning[] {
  const warnings: UploaderWarning[] = []
  on('warning', (warning) => warnings.push(warning))
  return warnings
}

describe('a worker of the pool', () => {
  test.each(DEATHS)('that dies (%s) is replaced, and its parts are sent again', async (death) => {
    const { workers, createWorker, isSending, kill } = trackWorkers()
    // For all six together it would take 16 s: there are parts left whenever the worker is noticed to be dead.
    await slowly(MIB / 4)
    const file = randomFile(24 * MIB)
    const uploader = bench.open({ createWorker, maxWorkers: 2, parallelParts: 6, silenceTimeoutMs: 2000 })
    const upload = uploader.upload(file, { partSizeBytes: MIB / 4 })
    while (!isSending(1)) await new Promise((resolve) => requestAnimationFrame(resolve))
    kill(1, death)
    while (workers.length < 3) await new Promise((resolve) => requestAnimationFrame(resolve))
    await bench.oss.clearFaults()
    await upload.result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('that takes longer to start than a silence may last is no dead one', async () => {
    const { workers, createWorker, isSending, block } = trackWorkers()
    const createSlowWorker = (): Worker => {
      const worker = createWorker()
      block(1, 2500)
      return worker
    }
    await slowly(MIB / 4)
    const file = randomFile(24 * MIB)
    const uploader = bench.open({
      createWorker: createSlowWorker,
      maxWorkers: 2,
      parallelParts: 6,
      silenceTimeoutMs: 1000,
    })
    const upload = uploader.upload(file, { partSizeBytes: MIB / 4 })
    while (!isSending(1)) await new Promise((resolve) => requestAnimationFrame(resolve))
    await bench.oss.clearFaults()
    await upload.result
    expect(workers).toHaveLength(2)
  })

  test('that does not load is done without', async () => {
    let started = 0
    const createWorker = (): Worker => {
      started += 1
      return started === 1 ? spawnWorker() : new Worker('/no-such-worker.js', { type: 'module' })
    }
    const file = randomFile(16 * MIB)
    await bench.open({ createWorker, maxWorkers: 3, parallelParts: 6 }).upload(file, { partSizeBytes: MIB })
      .result
    expect(started).toBe(2)
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })
})

describe('the engine', () => {
  test.each(DEATHS)('that dies (%s) is replaced, and goes on from the checkpoint', async (death) => {
    const { workers, createWorker, kill } = trackWorkers()
    await slowly(MIB)
    const file = randomFile(12 * MIB)
    const uploader = bench.open({ createWorker, maxWorkers: 1, silenceTimeoutMs: 2000 })
    const warnings = warningsOf(uploader)
    const upload = uploader.upload(file, { partSizeBytes: MIB })
    // Six are under way at most.
    await sends(upload, 8 * MIB)
    kill(0, death)
    while (workers.length < 2) await new Promise((resolve) => requestAnimationFrame(resolve))
    const storedBefore = new Set(await bench.storedParts())
    await bench.oss.clearFaults()
    await upload.result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
    const operations = await bench.operations()
    expect(operations.filter((op) => op === 'InitiateMultipartUpload')).toHaveLength(1)
    expect(storedBefore.size).toBeGreaterThan(0)
    expect(warnings).toMatchObject([{ code: 'WORKER_RESTARTED', cause: { code: 'WORKER_CRASHED' } }])
  })

  test('that dies leaves what is paused paused, and what is canceled meanwhile canceled', async () => {
    const { createWorker, kill } = trackWorkers()
    await slowly(MIB)
    const { upload } = bench.open({ createWorker, maxWorkers: 1 })
    const paused = upload(randomFile(8 * MIB), { partSizeBytes: MIB })
    await sends(paused, MIB)
    paused.pause()
    await reaches(paused, 'paused')
    const canceled = upload(randomFile(8 * MIB), { partSizeBytes: MIB })
    await sends(canceled, MIB)
    kill(0, 'throw')
    await canceled.cancel()
    expect(canceled.state.status).toBe('canceled')
    expect(paused.state.status).toBe('paused')
    await bench.oss.clearFaults()
    paused.resume()
    await paused.result
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
  })

  test('that dies while a small file is sent asks for the same media again, not for a second', async () => {
    const { createWorker, kill } = trackWorkers()
    await bench.oss.orderFault({ kind: 'stall', op: 'PutObject', when: 'reading', times: 'always' })
    const asked: unknown[] = []
    const uploader = bench.open({
      createWorker,
      getCredentials: async ({ reason, mediaId }) => {
        asked.push([reason, mediaId])
        if (reason === 'resume') await bench.oss.clearFaults()
        return { ...(await bench.oss.credentials({ key: bench.key })), VideoId: 'video' }
      },
    })
    const upload = uploader.upload(randomFile(10))
    await reaches(upload, 'uploading')
    kill(0, 'throw')
    expect(await upload.result).toMatchObject({ mediaId: 'video' })
    expect(asked).toEqual([
      ['create', undefined],
      ['resume', 'video'],
    ])
  })

  test('that dies again and again ends its uploads with WORKER_CRASHED; the next upload starts another', async () => {
    const { workers, createWorker, kill } = trackWorkers()
    await bench.oss.orderFault({ kind: 'stall', op: 'PutObject', when: 'reading', times: 'always' })
    const { upload } = bench.open({ createWorker })
    const first = upload(randomFile(10))
    first.on('statechange', ({ to }) => to.status === 'uploading' && kill(workers.length - 1, 'throw'))
    await expect(first.result).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('told to crash'),
    })
    expect(workers).toHaveLength(4)
    await bench.oss.clearFaults()
    await upload(randomFile(10)).result
    expect(workers).toHaveLength(5)
  })
})

test('a command that comes after close() starts no worker again', async () => {
  const { workers, createWorker } = trackWorkers()
  const uploader = bench.open({ createWorker })
  const upload = uploader.upload(randomFile(10))
  await upload.result
  await uploader.close()
  upload.pause()
  upload.resume()
  await upload.cancel()
  expect(workers).toHaveLength(1)
})

describe('a page without workers', () => {
  afterEach(() => void vi.unstubAllGlobals())

  test('runs the engine itself', async () => {
    vi.stubGlobal('Worker', undefined)
    const file = randomFile(3 * MIB)
    const uploader = bench.open()
    const waiting = uploader.upload(file, { partSizeBytes: MIB })
    await waiting.result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })
})
