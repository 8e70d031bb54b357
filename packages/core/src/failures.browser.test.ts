import { describe, expect, test } from 'vitest'
import type { FaultOrder } from '@sluice/oss-server'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { isWebKit } from '../../../test/harness/is-webkit.ts'
import { createUploadBench, MIB, sends } from '../../../test/harness/upload-bench.ts'
import type { GetCredentials } from './index.ts'

const bench = createUploadBench()

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
    await bench.oss.orderFault(order)
    const file = randomFile(3 * MIB)
    const result = await bench.open().upload(file, { partSizeBytes: MIB }).result
    expect(result.crc64Verified).toBe(true)
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('of a small file is attempted again', async () => {
    await bench.oss.orderFault({
      kind: 'status',
      op: 'PutObject',
      status: 500,
      code: 'InternalError',
      times: 2,
    })
    await bench.open().upload(randomFile(1000)).result
    expect(await bench.operations()).toEqual(['PutObject', 'PutObject', 'PutObject'])
  })

  test('is given up after the last attempt, with the last error', async () => {
    await bench.oss.orderFault({
      kind: 'status',
      op: 'PutObject',
      status: 500,
      code: 'InternalError',
      times: 'always',
    })
    const { result } = bench.open({ maxAttempts: 3 }).upload(randomFile(1000))
    await expect(result).rejects.toMatchObject({ status: 500, serviceCode: 'InternalError' })
    expect(await bench.operations()).toHaveLength(3)
  })
})

describe('a failure', () => {
  test('of the service is a ServiceError, and what was sent is kept for the next try', async () => {
    await bench.oss.orderFault({
      kind: 'status',
      op: 'UploadPart',
      partNumber: 2,
      status: 503,
      code: 'ServiceUnavailable',
    })
    const file = randomFile(3 * MIB)
    const { upload } = bench.open({ maxAttempts: 1 })
    const { result } = upload(file, { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({
      code: 'SERVICE_ERROR',
      status: 503,
      serviceCode: 'ServiceUnavailable',
      requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
      message: expect.stringContaining('PUT part 2 of 3 failed: 503 ServiceUnavailable'),
    })
    expect(await bench.oss.openUploads({ key: bench.key })).toHaveLength(1)
    await upload(file, { partSizeBytes: MIB }).result
    const operations = await bench.operations()
    expect(operations.filter((op) => op === 'InitiateMultipartUpload')).toHaveLength(1)
    expect(operations).toContain('ListParts')
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
  })

  test('of a connection is NETWORK', async () => {
    await bench.oss.orderFault({ kind: 'reset', op: 'PutObject', when: 'during-body', times: 20 })
    await expect(bench.open({ maxAttempts: 1 }).upload(randomFile(100_000)).result).rejects.toMatchObject({
      code: 'NETWORK',
    })
  })

  test('of a server that stalls is TIMEOUT', async () => {
    await bench.oss.orderFault({ kind: 'stall', op: 'PutObject', when: 'answering' })
    const { result } = bench.open({ stallTimeoutMs: 1000, maxAttempts: 1 }).upload(randomFile(1000))
    await expect(result).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('1000 ms'),
    })
  })

  test('of an answer that is cut is RESPONSE_INVALID', async () => {
    const cut = { kind: 'truncated-answer', keepBytes: 100, http: 'valid' } as const
    await bench.oss.orderFault({ ...cut, op: 'InitiateMultipartUpload' })
    const { result } = bench.open({ maxAttempts: 1 }).upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({ code: 'RESPONSE_INVALID' })
  })

  test("of a proxy's page, which has no CORS headers, is NETWORK", async () => {
    await bench.oss.orderFault({ kind: 'html-answer', op: 'InitiateMultipartUpload' })
    const { result } = bench.open({ maxAttempts: 1 }).upload(randomFile(3 * MIB), { partSizeBytes: MIB })
    await expect(result).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringContaining('CORS') })
  })

  test('of credentials that have expired is a ServiceError that does not tell the token', async () => {
    const credentials = await bench.oss.credentials({ key: bench.key })
    await bench.oss.orderFault({ kind: 'expired-token', times: 'always' })
    const { result } = bench.open({ getCredentials: async () => credentials }).upload(randomFile(10))
    const error: unknown = await result.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ status: 403, serviceCode: 'SecurityTokenExpired' })
    expect(JSON.stringify(error) + String(error)).not.toContain(credentials.securityToken)
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

  // WebKitGTK 2.50 reads a file of its own storage (OPFS) on as if it were the same: nothing tells that it was changed.
  test.skipIf(isWebKit)(
    'that was changed after it was picked is FILE_UNREADABLE before anything is sent',
    async () => {
      const handle = await createFile(randomFile(MIB))
      const picked = await handle.getFile()
      await writeFile(handle, randomFile(2 * MIB))
      await expect(bench.open().upload(picked).result).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
      expect(await bench.operations()).toEqual([])
    },
  )

  // For the same reason.
  test.skipIf(isWebKit)(
    'that changes during the upload is FILE_CHANGED, and nothing is completed',
    async () => {
      await bench.oss.orderFault({
        kind: 'bandwidth',
        times: 'always',
        op: 'UploadPart',
        bytesPerSecond: 2 * MIB,
      })
      const handle = await createFile(randomFile(12 * MIB))
      const upload = bench.open().upload(await handle.getFile(), { partSizeBytes: MIB })
      await sends(upload, 1)
      await writeFile(handle, randomFile(12 * MIB))
      await expect(upload.result).rejects.toMatchObject({ code: 'FILE_CHANGED' })
      expect(await bench.oss.stored({ key: bench.key })).toBeUndefined()
      expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
    },
  )
})

describe('the worker', () => {
  test('that is not there fails uploads with WORKER_FAILED at once', async () => {
    const { result } = bench
      .open({ workerUrl: '/no-such-worker.js', workerTimeoutMs: 60_000 })
      .upload(randomFile(10))
    await expect(result).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      message: expect.stringContaining('workerUrl'),
    })
  })

  test('of another origin fails uploads with WORKER_FAILED', async () => {
    const { result } = bench.open({ workerUrl: 'http://other.localhost/w.js' }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({ code: 'WORKER_FAILED' })
  })

  test('that never answers fails uploads with WORKER_FAILED after its time limit', async () => {
    const silent = URL.createObjectURL(new Blob([''], { type: 'text/javascript' }))
    const { result } = bench.open({ workerUrl: silent, workerTimeoutMs: 200 }).upload(randomFile(10))
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
    const upload = bench.open({ createWorker }).upload(randomFile(10))
    await expect(upload.result).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      cause: { message: 'no workers here' },
    })
    await upload.cancel()
  })
})

test('no event and no error holds a secret', async () => {
  const told: unknown[] = []
  const secrets: string[] = []
  const getCredentials: GetCredentials = async () => {
    const credentials = await bench.oss.credentials({ key: bench.key })
    secrets.push(credentials.accessKeySecret, credentials.securityToken ?? '')
    return credentials
  }
  await bench.oss.orderFault({ kind: 'expired-token', op: 'UploadPart', times: 'always', attempt: 3 })
  const { upload, on } = bench.open({ getCredentials })
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
