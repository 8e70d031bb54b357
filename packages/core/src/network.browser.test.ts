import { afterEach, describe, expect, test } from 'vitest'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { READING_BUCKET, REFUSING_BUCKET } from '../../../test/harness/oss-fixture-api.ts'
import { createUploadBench, MIB, sends } from '../../../test/harness/upload-bench.ts'
import type { Upload } from './index.ts'

const bench = createUploadBench()
afterEach(() => bench.oss.setGate({ to: 'open' }))

/** Resolves when an upload waits for the network. */
function isOffline(upload: Upload): Promise<void> {
  return new Promise((resolve) => {
    upload.on('statechange', ({ to }) => {
      if (to.status === 'waiting' && to.reason === 'offline') resolve()
    })
  })
}

describe('a network that is gone', () => {
  test('is waited for, at no cost of attempts, and the upload goes on when it is back', async () => {
    const file = randomFile(8 * MIB)
    const upload = bench.open({ maxAttempts: 1 }, { gated: true }).upload(file, { partSizeBytes: MIB })
    const offline = isOffline(upload)
    await sends(upload, 2 * MIB)
    await bench.oss.setGate({ to: 'cut' })
    await offline
    await bench.oss.setGate({ to: 'open' })
    await upload.result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('without a word, and takes all connections with it, costs a few seconds and no attempt', async () => {
    const file = randomFile(16 * MIB)
    await bench.oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const upload = bench.open({ maxAttempts: 1 }, { gated: true }).upload(file, { partSizeBytes: MIB })
    const offline = isOffline(upload)
    await sends(upload, MIB)
    await bench.oss.setGate({ to: 'swallow' })
    await offline
    // So long is the network away: TCP mends shorter outages by itself.
    await new Promise((resolve) => setTimeout(resolve, 9000))
    await bench.oss.setGate({ to: 'open' })
    await bench.oss.clearFaults()
    await upload.result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('while a small file is sent is waited for', async () => {
    const uploader = bench.open({ maxAttempts: 1, parallelFiles: 1 }, { gated: true })
    await uploader.upload(randomFile(10)).result
    await bench.oss.setGate({ to: 'cut' })
    const upload = uploader.upload(randomFile(1000))
    await isOffline(upload)
    await bench.oss.setGate({ to: 'open' })
    expect(await upload.result).toMatchObject({ crc64Verified: true })
  })

  test('does not keep cancel() waiting, which says that something may be left', async () => {
    const upload = bench.open({}, { gated: true }).upload(randomFile(8 * MIB), { partSizeBytes: MIB })
    const offline = isOffline(upload)
    await sends(upload, 2 * MIB)
    await bench.oss.setGate({ to: 'cut' })
    await offline
    await expect(upload.cancel()).rejects.toMatchObject({ code: 'NETWORK' })
    expect(upload.state.status).toBe('canceled')
  })
})

describe('a CORS rule', () => {
  test.each([
    ['that is for another origin', REFUSING_BUCKET, 10],
    ['that is for another origin, and a file in parts', REFUSING_BUCKET, 3 * MIB],
    ['that does not allow to write', READING_BUCKET, 10],
    ['that allows to open an upload, but not to send parts', READING_BUCKET, 3 * MIB],
  ])('%s is named, with the rule to add', async (_, bucket, sizeBytes) => {
    const uploader = bench.open({ maxAttempts: 2 }, { bucket })
    const { result } = uploader.upload(randomFile(sizeBytes), { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({
      code: 'CORS_REFUSED',
      message: expect.stringContaining(`origin ${location.origin}; methods PUT, POST, GET, HEAD, DELETE`),
    })
  })
})
