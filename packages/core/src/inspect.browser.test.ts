import { describe, expect, test } from 'vitest'
import { isWebKit } from '../../../test/harness/is-webkit.ts'
import { randomFile } from '../../../test/harness/browser-files.ts'
import { createUploadBench, MIB, sends, trackWorkers } from '../../../test/harness/upload-bench.ts'
import { createUploader } from './index.ts'
import type { PartStatus, Upload } from './index.ts'

const bench = createUploadBench()

async function statusesOf(upload: Upload): Promise<readonly PartStatus[]> {
  return (await upload.parts()).map(({ status }) => status)
}

async function firstTwo(upload: Upload): Promise<readonly PartStatus[]> {
  return (await statusesOf(upload)).slice(0, 2)
}

/** How often is looked, and for how long, in milliseconds. */
const POLLING = { interval: 20, timeout: 15_000 }

describe('parts()', () => {
  test('tells what each part is doing, in their order', async () => {
    await bench.oss.orderFault({ kind: 'bandwidth', op: 'UploadPart', times: 'always', bytesPerSecond: MIB })
    const upload = bench.open({ parallelParts: 2 }).upload(randomFile(4 * MIB + 1), { partSizeBytes: MIB })
    await sends(upload, 2.5 * MIB)
    await expect.poll(() => statusesOf(upload), POLLING).toEqual(expect.arrayContaining(['sending', 'done']))
    const parts = await upload.parts()
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3, 4, 5])
    expect(parts.map(({ sizeBytes }) => sizeBytes)).toEqual([MIB, MIB, MIB, MIB, 1])
    expect(parts[0]).toMatchObject({ status: 'done', sentBytes: MIB })
    expect(parts[4]).toMatchObject({ status: 'waiting', sentBytes: 0 })
    await bench.oss.clearFaults()
    await upload.result
    expect(await upload.parts()).toEqual([])
  })

  test('tells which part is going to be sent again', async () => {
    await bench.oss.orderFault({
      kind: 'status',
      op: 'UploadPart',
      partNumber: 2,
      status: 503,
      code: 'InternalError',
      times: 'always',
    })
    const upload = bench.open().upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    await expect.poll(() => statusesOf(upload), POLLING).toEqual(['done', 'retrying', 'done'])
    await bench.oss.clearFaults()
    await upload.result
  })

  test('tells which parts need not be sent again, since an earlier engine has', async () => {
    await bench.oss.orderFault({
      kind: 'bandwidth',
      op: 'UploadPart',
      partNumber: 3,
      bytesPerSecond: MIB / 4,
      times: 'always',
    })
    const { createWorker, kill } = trackWorkers()
    const upload = bench
      .open({ createWorker, maxWorkers: 1 })
      .upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    await expect.poll(() => firstTwo(upload), POLLING).toEqual(['done', 'done'])
    kill(0, 'throw')
    await expect.poll(() => firstTwo(upload), POLLING).toEqual(['resumed', 'resumed'])
    await bench.oss.clearFaults()
    await upload.result
  })
})

describe('inspect()', () => {
  test('tells requests, workers, and when credentials end', async () => {
    await bench.oss.orderFault({ kind: 'bandwidth', op: 'UploadPart', times: 'always', bytesPerSecond: MIB })
    const uploader = bench.open({ parallelParts: 3 })
    expect(await uploader.inspect()).toEqual({ hosts: [], bodiesByWorker: [], uploads: [] })
    const upload = uploader.upload(randomFile(8 * MIB), { partSizeBytes: MIB })
    await sends(upload, MIB)
    const { hosts, bodiesByWorker, uploads } = await uploader.inspect()
    expect(hosts).toMatchObject([{ origin: expect.stringMatching(/^http:/), mostBodies: isWebKit ? 5 : 6 }])
    expect(hosts[0]?.bodies).toBeGreaterThan(0)
    expect(hosts[0]?.bodies).toBeLessThanOrEqual(3)
    expect(bodiesByWorker.reduce((sum, bodies) => sum + bodies, 0)).toBeLessThanOrEqual(3)
    expect(uploads).toMatchObject([{ localId: upload.localId }])
    expect(uploads[0]?.credentialsEndAtMs).toBeGreaterThan(Date.now())
  })

  test('starts no worker', async () => {
    const createWorker = (): Worker => {
      throw new Error('Started')
    }
    const uploader = createUploader({
      getCredentials: () => Promise.reject(new Error('Asked')),
      createWorker,
    })
    expect((await uploader.inspect()).hosts).toEqual([])
    await uploader.close()
    await expect(uploader.inspect()).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
