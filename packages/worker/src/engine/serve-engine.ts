import { expose, wrap } from 'comlink'
import { loadCreateSource } from '../credentials/create-source.ts'
import { loadCrc64 } from '../hash/crc64.ts'
import { createHashBlob } from '../hash/hash-blob.ts'
import type { Md5Blob } from '../hash/md5-blob.ts'
import { sendByXhr } from '../http/xhr-client.ts'
import { loadPart } from '../load-part.ts'
import { createLocalPartUploader } from '../part/local-part-uploader.ts'
import { createPartUploaderPool } from '../part/part-uploader-pool.ts'
import { createRemotePartUploader } from '../part/remote-part-uploader.ts'
import type { RemotePartUploader } from '../part/remote-part-uploader.ts'
import { PROTOCOL_VERSION } from '../protocol/engine-api.ts'
import type { EngineApi, EngineEvent, EngineSettings, LocalId, PageApi } from '../protocol/engine-api.ts'
import { UploadError } from '../protocol/errors.ts'
import { watchHeartbeat } from '../protocol/heartbeat.ts'
import { fromWireError, unsettle } from '../protocol/wire-error.ts'
import type { Settled } from '../protocol/wire-error.ts'
import { browserLink, isAllowedByCors, probeByFetch } from '../network/browser-network.ts'
import { differencesOf } from '../browser/differences.ts'
import { createIdbStore } from '../checkpoint/idb-store.ts'
import { createEngine } from './engine.ts'
import type { Clock } from '../clock/clock.ts'
import { createWebLocks } from './web-locks.ts'

/** Where an engine meets its page. */
export interface EngineLinks {
  readonly settings: EngineSettings
  readonly commands: MessagePort
  readonly page: MessagePort
  readonly events: MessagePort
}

/** A worker of the pool. */
interface PartWorker {
  readonly uploader: RemotePartUploader
  stopWatching: () => void
}

/** Runs an engine with a browser's effects, and serves it over ports: the worker's side of worker 0. */
export async function serveEngine({ settings, commands, page, events }: EngineLinks): Promise<void> {
  const pageApi = wrap<PageApi>(page)
  const emit = gatherEvents((gathered) => events.postMessage(gathered))
  const workers = new Map<number, PartWorker>()

  const loseWorker = (workerId: number, error: UploadError): void => {
    const worker = workers.get(workerId)
    if (worker === undefined) return
    workers.delete(workerId)
    worker.stopWatching()
    pool.remove(worker.uploader)
    worker.uploader.fail(error)
  }
  const addWorker = async (): Promise<RemotePartUploader> => {
    const { workerId, port } = await pageApi.addPartWorker()
    const uploader = createRemotePartUploader(port)
    const worker: PartWorker = { uploader, stopWatching: () => undefined }
    workers.set(workerId, worker)
    // However long its script takes to load: nothing waits for it meanwhile.
    await uploader.ready
    worker.stopWatching = watchHeartbeat({
      ping: () => uploader.ping(),
      clock,
      silenceTimeoutMs: settings.silenceTimeoutMs,
      onSilent: () => {
        void pageApi.endPartWorker(workerId)
        loseWorker(
          workerId,
          new UploadError('WORKER_CRASHED', 'A worker of the pool does not answer any more'),
        )
      },
    })
    return uploader
  }
  const crc64 = await loadCrc64()
  const hashBlob = createHashBlob(crc64)
  let loadedMd5: Promise<Md5Blob> | undefined
  // Hardly any upload needs it, so it is no part of what all load.
  const md5Blob: Md5Blob = async (blob, signal) => {
    loadedMd5 ??= loadPart('MD5', () => import('../hash/md5-blob.ts')).then(
      ({ createMd5Blob }) => createMd5Blob(),
      (error: unknown) => {
        loadedMd5 = undefined
        throw error
      },
    )
    return (await loadedMd5)(blob, signal)
  }
  const local = createLocalPartUploader(sendByXhr, hashBlob)
  const pool = createPartUploaderPool(local, addWorker, settings.maxWorkers)

  /** Asks the application by way of the page; whoever stops waiting tells the page so. */
  const askPage = async (
    localId: LocalId,
    ask: () => Promise<Settled<unknown>>,
    signal: AbortSignal,
  ): Promise<unknown> => {
    signal.throwIfAborted()
    const onAbort = (): void => void pageApi.abortCredentials(localId)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      const answer = await ask()
      signal.throwIfAborted()
      return unsettle(answer)
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  const engine = createEngine(settings, {
    http: sendByXhr,
    probe: probeByFetch,
    isAllowedByCors,
    link: browserLink,
    pageOrigin: globalThis.origin,
    partUploader: pool,
    ...differencesOf(navigator.userAgent),
    getCredentials: (request, signal) =>
      askPage(request.localId, () => pageApi.getCredentials(request), signal),
    signRequests: (request, signal) => askPage(request.localId, () => pageApi.signRequests(request), signal),
    createSource: await loadCreateSource(settings),
    checkpoints: createIdbStore(),
    ...createWebLocks(),
    crc64,
    hashBlob,
    md5Blob,
    clock,
    random: Math.random,
    emit,
  })
  expose(
    {
      ...engine,
      inspect: () => ({ ...engine.inspect(), bodiesByWorker: pool.bodiesByWorker() }),
      ping: () => undefined,
      partWorkerLost: (workerId, error) => loseWorker(workerId, fromWireError(error)),
    } satisfies EngineApi,
    commands,
  )
  emit({ type: 'ready', protocolVersion: PROTOCOL_VERSION })
}

/**
 * How long an event waits for others, in milliseconds: nobody sees it, and thousands of small files would have a message
 * for each change of their states.
 */
const GATHER_MS = 5

function gatherEvents(post: (events: readonly EngineEvent[]) => void): (event: EngineEvent) => void {
  let gathered: EngineEvent[] = []
  const flush = (): void => {
    const events = gathered
    gathered = []
    post(events)
  }
  return (event) => {
    if (gathered.length === 0) setTimeout(flush, GATHER_MS)
    gathered.push(event)
  }
}

const clock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
