import { expose, wrap } from 'comlink'
import { createCrc64 } from '../hash/crc64.ts'
import { createHashBlob } from '../hash/hash-blob.ts'
import { createMd5Blob } from '../hash/md5-blob.ts'
import { sendByXhr } from '../http/xhr-client.ts'
import { createLocalPartUploader } from '../part/local-part-uploader.ts'
import { createPartUploaderPool } from '../part/part-uploader-pool.ts'
import { createRemotePartUploader } from '../part/remote-part-uploader.ts'
import type { RemotePartUploader } from '../part/remote-part-uploader.ts'
import { PROTOCOL_VERSION } from '../protocol/engine-api.ts'
import type {
  CredentialsRequest,
  EngineApi,
  EngineEvent,
  EngineSettings,
  PageApi,
} from '../protocol/engine-api.ts'
import { fromWireError, unsettle } from '../protocol/wire-error.ts'
import { createIdbStore } from '../checkpoint/idb-store.ts'
import { createEngine } from './engine.ts'
import type { Clock } from '../clock/clock.ts'
import { heldWebLocks, takeWebLock } from './web-lock.ts'

/** Where an engine meets its page. */
export interface EngineLinks {
  readonly settings: EngineSettings
  readonly commands: MessagePort
  readonly page: MessagePort
  readonly events: MessagePort
}

/** Runs an engine with a browser's effects, and serves it over ports: the worker's side of worker 0. */
export async function serveEngine({ settings, commands, page, events }: EngineLinks): Promise<void> {
  const pageApi = wrap<PageApi>(page)
  const emit = (event: EngineEvent): void => events.postMessage(event)
  const workers = new Map<number, RemotePartUploader>()

  const addWorker = async (): Promise<RemotePartUploader> => {
    const { workerId, port } = await pageApi.addPartWorker()
    const uploader = createRemotePartUploader(port)
    workers.set(workerId, uploader)
    await uploader.ready
    return uploader
  }
  const crc64 = await createCrc64()
  const hashBlob = createHashBlob(crc64)
  const local = createLocalPartUploader(sendByXhr, hashBlob)
  const pool = createPartUploaderPool(local, addWorker, settings.maxWorkers)

  const getCredentials = async (request: CredentialsRequest, signal: AbortSignal): Promise<unknown> => {
    signal.throwIfAborted()
    const onAbort = (): void => void pageApi.abortCredentials(request.localId)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      const answer = await pageApi.getCredentials(request)
      signal.throwIfAborted()
      return unsettle(answer)
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  const engine = createEngine(settings, {
    http: sendByXhr,
    partUploader: pool,
    getCredentials,
    checkpoints: createIdbStore(),
    takeLock: takeWebLock,
    heldLocks: heldWebLocks,
    crc64,
    hashBlob,
    md5Blob: createMd5Blob(),
    clock,
    random: Math.random,
    emit,
  })
  expose(
    {
      ...engine,
      partWorkerLost(workerId, error) {
        const uploader = workers.get(workerId)
        if (uploader === undefined) return
        workers.delete(workerId)
        pool.remove(uploader)
        uploader.fail(fromWireError(error))
      },
    } satisfies EngineApi,
    commands,
  )
  emit({ type: 'ready', protocolVersion: PROTOCOL_VERSION })
}

const clock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
