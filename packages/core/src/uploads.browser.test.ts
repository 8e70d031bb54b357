import { describe, expect, test } from 'vitest'
import { spawnWorker } from '@sluice/worker/spawn'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { BUCKET, HIDING_BUCKET } from '../../../test/harness/oss-fixture-api.ts'
import { isWebKit } from '../../../test/harness/is-webkit.ts'
import { createUploadBench, MIB } from '../../../test/harness/upload-bench.ts'
import type { GetCredentials, UploaderWarning } from './index.ts'

const bench = createUploadBench()

describe('an upload', () => {
  test('of a small file is one PutObject, and the stored object is the file', async () => {
    const file = randomFile(100_000, 'small.txt', 'text/plain')
    const result = await bench.open().upload(file).result
    expect(result).toMatchObject({
      bucket: BUCKET,
      key: bench.key,
      sizeBytes: 100_000,
      crc64Verified: true,
      mediaId: undefined,
    })
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({
      sizeBytes: 100_000,
      sha256: await sha256(file),
      contentType: 'text/plain',
    })
    expect(await bench.operations()).toEqual(['PutObject'])
  })

  test('of an empty file stores an empty object', async () => {
    const result = await bench.open().upload(new File([], 'empty')).result
    expect(result).toMatchObject({ sizeBytes: 0, crc64: '0', crc64Verified: true })
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sizeBytes: 0 })
  })

  test('of a larger file goes in parts, and the stored object is the file', async () => {
    const file = randomFile(20 * MIB + 1, 'large.bin')
    const result = await bench.open().upload(file, { partSizeBytes: 2 * MIB }).result
    expect(result.crc64Verified).toBe(true)
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({
      sizeBytes: file.size,
      sha256: await sha256(file),
    })
    const ops = await bench.operations()
    expect([ops.at(0), ops.at(-1)]).toEqual(['InitiateMultipartUpload', 'CompleteMultipartUpload'])
    expect(ops.filter((op) => op === 'UploadPart')).toHaveLength(11)
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
  })

  test(`of a larger file sends ${isWebKit ? 'bytes' : 'slices'} in this browser`, async () => {
    const kinds = new Set<unknown>()
    const createWorker = (): Worker => {
      const script = new URL('../../../test/harness/body-telling-worker.ts', import.meta.url)
      const worker = new Worker(script, { type: 'module' })
      worker.addEventListener('message', ({ data }) => kinds.add(data))
      return worker
    }
    const file = randomFile(20 * MIB)
    const { upload } = bench.open({ createWorker, maxWorkers: 2 })
    await upload(file, { partSizeBytes: 2 * MIB }).result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
    // The document that completes the upload is a text.
    expect(kinds).toEqual(new Set([isWebKit ? 'ArrayBuffer' : 'Blob', 'Uint8Array']))
  })

  test('of a Blob without a name works', async () => {
    const upload = bench.open().upload(new Blob(['hello']))
    expect(upload.name).toBe('blob')
    await upload.result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({
      sizeBytes: 5,
      contentType: 'application/octet-stream',
    })
  })

  test('reports its states in order, and all bytes as sent before it succeeds', async () => {
    const upload = bench.open().upload(randomFile(3 * MIB), { partSizeBytes: MIB })
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

  test('does not look at the file before upload() returns: a thousand picked files would hold the page', async () => {
    let looks = 0
    class PickedFile extends File {
      override get size(): number {
        looks += 1
        return super.size
      }
    }
    const upload = bench.open().upload(new PickedFile(['picked'], 'a.mp4'))
    expect(looks).toBe(0)
    await upload.result
    expect(looks).toBeGreaterThan(0)
  })

  test('asks for credentials once, with reason, file and name', async () => {
    const asked: unknown[] = []
    const file = randomFile(1000, 'name.mp4')
    const getCredentials: GetCredentials = async ({ reason, file: given, name, signal }) => {
      asked.push([reason, given === file, name, signal.aborted])
      return bench.oss.credentials({ key: bench.key })
    }
    await bench.open({ getCredentials }).upload(file).result
    expect(asked).toEqual([['create', true, 'name.mp4', false]])
  })

  test.each(['v4', 'v1'] as const)('is signed by %s with a bucket in the host', async (signatureVersion) => {
    const file = randomFile(2 * MIB)
    await bench.open({ signatureVersion }, { style: 'virtual' }).upload(file, { partSizeBytes: MIB }).result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('in many parts uses more workers, and no more than allowed', async () => {
    let started = 0
    const createWorker = (): Worker => {
      started += 1
      return spawnWorker()
    }
    const file = randomFile(32 * MIB)
    const options = { createWorker, maxWorkers: 2, parallelParts: 6 }
    await bench.open(options).upload(file, { partSizeBytes: MIB }).result
    expect(started).toBe(2)
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
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
      bench.key = name
      const file = randomFile(2000)
      const result = await bench.open({ signatureVersion }, { style }).upload(file).result
      expect(result.key).toBe(name)
      expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
    },
  )

  test('that is awkward works in parts as well', async () => {
    bench.key = `awkward/ +%#?&='"~😀/${bench.key}`
    const file = randomFile(3 * MIB)
    await bench.open().upload(file, { partSizeBytes: MIB }).result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })
})

describe('ten files at once', () => {
  test('never open more than six connections, and all arrive', async () => {
    const files = Array.from({ length: 10 }, (_, index) => randomFile(4 * MIB, `file-${index}`))
    const getCredentials: GetCredentials = ({ name }) =>
      bench.oss.credentials({ key: `${bench.key}/${name}`, apart: true })
    const { upload } = bench.open({ getCredentials })
    const results = await Promise.all(files.map((file) => upload(file, { partSizeBytes: MIB / 2 }).result))
    expect(await bench.oss.peakConnectionsApart()).toBeLessThanOrEqual(6)
    for (const [index, result] of results.entries()) {
      const file = files[index]
      if (file === undefined) throw new Error('fewer files than results')
      const stored = await bench.oss.stored({ key: result.key, apart: true })
      expect(stored).toMatchObject({ sha256: await sha256(file) })
    }
  })
})

describe('what OSS stored', () => {
  test('is compared part by part: a wrong CRC-64 fails the upload and takes it off the server', async () => {
    await bench.oss.orderFault({ kind: 'wrong-crc', op: 'UploadPart', partNumber: 2, times: 'always' })
    const { result } = bench.open({ maxAttempts: 1 }).upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringContaining('part 2 of 3'),
    })
    expect(await bench.oss.stored({ key: bench.key })).toBeUndefined()
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
  })

  test.each(['CompleteMultipartUpload', 'PutObject'] as const)(
    'is compared as a whole (%s)',
    async (operation) => {
      await bench.oss.orderFault({ kind: 'wrong-crc', op: operation })
      const size = operation === 'PutObject' ? MIB : 3 * MIB
      const { result } = bench.open({ maxAttempts: 1 }).upload(randomFile(size), { partSizeBytes: MIB })
      await expect(result).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    },
  )

  test('is asked of ListParts where the CORS rule hides ETag and CRC-64', async () => {
    const file = randomFile(3 * MIB)
    const uploader = bench.open({}, { bucket: HIDING_BUCKET })
    const warnings: UploaderWarning[] = []
    uploader.on('warning', (warning) => warnings.push(warning))
    const { result: sent } = uploader.upload(file, { partSizeBytes: MIB })
    const result = await sent
    expect(result).toMatchObject({ crc64Verified: true, etag: undefined })
    expect(warnings).toEqual([
      {
        code: 'CORS_HIDES_HEADERS',
        message: expect.stringMatching(/sluice-hiding hides ETag and x-oss-hash-crc64ecma.*exposed headers/),
        cause: undefined,
      },
    ])
    expect(await bench.oss.stored({ bucket: HIDING_BUCKET, key: bench.key })).toMatchObject({
      sha256: await sha256(file),
    })
    expect(await bench.operations()).toContain('ListParts')
  })

  test('is compared by the service itself where the CORS rule hides ETag and CRC-64 of a small file', async () => {
    const file = randomFile(1000)
    const corrupt = { kind: 'corrupt-body', op: 'PutObject', times: 1 } as const
    const { upload } = bench.open({}, { bucket: HIDING_BUCKET })
    await bench.oss.orderFault(corrupt)
    await upload(file).result
    const isWhole = { sha256: await sha256(file) }
    expect(await bench.oss.stored({ bucket: HIDING_BUCKET, key: bench.key })).toMatchObject(isWhole)
    // From now on it has something to compare at once.
    await bench.oss.orderFault(corrupt)
    await upload(file).result
    expect(await bench.oss.stored({ bucket: HIDING_BUCKET, key: bench.key })).toMatchObject(isWhole)
  })

  test('is compared by its ETag where the CRC-64 alone is hidden', async () => {
    const hidden = { kind: 'missing-headers', headers: ['x-oss-hash-crc64ecma'], times: 'always' } as const
    await bench.oss.orderFault({ ...hidden, op: 'PutObject' })
    await bench.oss.orderFault({ kind: 'corrupt-body', op: 'PutObject' })
    const file = randomFile(1000)
    await bench.open({ maxAttempts: 1 }).upload(file).result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
    expect((await bench.operations()).filter((op) => op === 'PutObject')).toHaveLength(2)
  })

  test('is said to be unproved where ListParts is forbidden besides', async () => {
    const file = randomFile(3 * MIB)
    const wish = { bucket: HIDING_BUCKET, denyOperations: ['ListParts'] as const }
    const result = await bench.open({}, wish).upload(file, { partSizeBytes: MIB }).result
    expect(result.crc64Verified).toBe(false)
    expect(await bench.oss.stored({ bucket: HIDING_BUCKET, key: bench.key })).toMatchObject({
      sha256: await sha256(file),
    })
  })

  test('is looked up when the answer to Complete is lost', async () => {
    await bench.oss.orderFault({ kind: 'lost-answer', op: 'CompleteMultipartUpload', times: 20 })
    const result = await bench.open().upload(randomFile(3 * MIB), { partSizeBytes: MIB }).result
    expect(result.crc64Verified).toBe(true)
    // An older object may have the same bytes, so the upload is taken off: gone already is well.
    expect((await bench.operations()).slice(-2)).toEqual(['HeadObject', 'AbortMultipartUpload'])
  })
})
