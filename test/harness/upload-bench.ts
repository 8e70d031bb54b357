import { afterEach, beforeEach, inject } from 'vitest'
import { createUploader } from '@sluice/core'
import type {
  CredentialsAuthorization,
  SignatureAuthorization,
  Upload,
  Uploader,
  UploaderOptions,
  UploaderSettings,
  UploadStatus,
} from '@sluice/core'
import type { CredentialsWish } from './oss-fixture-api.ts'
import type { Death } from './mortal-worker.ts'
import { connectOssFixture } from './oss-fixture-client.ts'

export const MIB: number = 1024 ** 2

/** What the tests of uploads in a browser share. Each test has a key of its own, and its uploader is closed behind it. */
export interface UploadBench {
  readonly oss: ReturnType<typeof connectOssFixture>
  /** The key of the running test. */
  key: string
  /** An uploader whose files go to this test's key. */
  open(
    options?: UploaderSettings & (Partial<CredentialsAuthorization> | SignatureAuthorization),
    wish?: Partial<CredentialsWish>,
  ): Uploader
  /** Operations of this test's key so far. */
  operations(): Promise<readonly string[]>
  /** Parts of this test's key that the service has stored, once for each time. */
  storedParts(): Promise<readonly number[]>
}

/** Registers what runs before and after each test of a file. */
export function createUploadBench(): UploadBench {
  const oss = connectOssFixture(inject('ossFixtureUrl'))
  let uploader: Uploader | undefined
  const bench: UploadBench = {
    oss,
    key: '',
    open(options = {}, wish = {}) {
      const getCredentials = (): Promise<unknown> => oss.credentials({ key: bench.key, ...wish })
      const full: UploaderOptions =
        options.getDestination === undefined ? { getCredentials, ...options } : options
      uploader = createUploader(full)
      return uploader
    },
    operations: async () => (await oss.log({ key: bench.key })).map(({ op }) => op),
    storedParts: async () =>
      (await oss.log({ key: bench.key })).flatMap(({ op, status, partNumber }) =>
        op === 'UploadPart' && status === 200 ? [partNumber ?? 0] : [],
      ),
  }
  beforeEach(() => {
    bench.key = `uploads/${crypto.randomUUID()}.bin`
  })
  afterEach(async () => {
    await uploader?.close()
    uploader = undefined
    await oss.clearFaults()
  })
  return bench
}

/** Resolves when an upload is in a state, or rejects when it ends in another. */
export function reaches(upload: Upload, status: UploadStatus): Promise<void> {
  return new Promise((resolve, reject) => {
    if (upload.state.status === status) return resolve()
    upload.on('statechange', ({ to }) => {
      if (to.status === status) resolve()
      else if (to.status === 'failed') reject(to.error)
    })
  })
}

/** Resolves at the first report that at least so many bytes were sent. */
export function sends(upload: Upload, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    upload.on('progress', ({ sentBytes }) => sentBytes >= bytes && resolve())
  })
}

/** A `createWorker` whose workers can be counted and killed. */
export function trackWorkers(): {
  readonly workers: readonly Worker[]
  readonly createWorker: () => Worker
  /** Whether a worker has ever sent a request. */
  readonly isSending: (index: number) => boolean
  readonly kill: (index: number, death: Death) => void
  /** Keeps a worker from everything for so long, in milliseconds. */
  readonly block: (index: number, durationMs: number) => void
} {
  const workers: Worker[] = []
  const sending = new Set<Worker>()
  return {
    workers,
    createWorker: () => {
      const worker = new Worker(new URL('./mortal-worker.ts', import.meta.url), { type: 'module' })
      worker.addEventListener('message', () => sending.add(worker))
      workers.push(worker)
      return worker
    },
    isSending: (index) => workers.slice(index, index + 1).some((worker) => sending.has(worker)),
    kill: (index, death) => workers[index]?.postMessage({ die: death }),
    block: (index, durationMs) => workers[index]?.postMessage({ blockMs: durationMs }),
  }
}
