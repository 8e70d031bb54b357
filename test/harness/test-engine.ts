import { sliceBodies } from '../../packages/worker/src/body/body-source.ts'
import type { CheckpointStore } from '../../packages/worker/src/checkpoint/checkpoint-store.ts'
import { createMemoryStore } from '../../packages/worker/src/checkpoint/memory-store.ts'
import { loadCreateSource } from '../../packages/worker/src/credentials/create-source.ts'
import { createEngine } from '../../packages/worker/src/engine/engine.ts'
import type { Engine } from '../../packages/worker/src/engine/engine.ts'
import { createLocalLocks } from '../../packages/worker/src/engine/local-locks.ts'
import type { EnginePorts, HeldLocks, TakeLock } from '../../packages/worker/src/engine/ports.ts'
import { createCrc64 } from '../../packages/worker/src/hash/crc64.ts'
import { createHashBlob } from '../../packages/worker/src/hash/hash-blob.ts'
import { createMd5Blob } from '../../packages/worker/src/hash/md5-blob.ts'
import { createLocalPartUploader } from '../../packages/worker/src/part/local-part-uploader.ts'
import { isEnded } from '../../packages/worker/src/protocol/upload-state.ts'
import type {
  AddRequest,
  CredentialsRequest,
  EngineEvent,
  EngineSettings,
  WireUploadState,
} from '../../packages/worker/src/protocol/engine-api.ts'
import { createFakeClock } from './fake-clock.ts'
import type { FakeClock } from './fake-clock.ts'
import { createNodeHttpClient } from './node-http-client.ts'
import type { OssFixture } from './oss-fixture.ts'

export const MIB: number = 1024 ** 2

const SETTINGS: EngineSettings = {
  authorization: { kind: 'credentials' },
  connectionsPerHost: 6,
  parallelFiles: 6,
  parallelParts: 5,
  maxWorkers: 1,
  maxBytesPerSecond: undefined,
  signatureVersion: 'v4',
  checksum: 'crc64',
  maxAttempts: 6,
  stallTimeoutMs: 10_000,
  silenceTimeoutMs: 30_000,
  requestTimeoutMs: 10_000,
  completeTimeoutMs: 10_000,
  refreshLeadMs: 60_000,
  namespace: '',
  checkpointMaxAgeMs: 604_800_000,
}

/** What all pages of one browser share: storage, locks, the file's disk. */
export interface TestBrowser {
  readonly store: CheckpointStore
  readonly takeLock: TakeLock
  readonly heldLocks: HeldLocks
}

export function createTestBrowser(): TestBrowser {
  return { store: createMemoryStore(), ...createLocalLocks() }
}

/** An engine in a page of its own, that can be killed. */
export interface TestEngine {
  readonly engine: Engine
  readonly events: readonly EngineEvent[]
  readonly clock: FakeClock
  /** What the application was asked. */
  readonly asked: readonly CredentialsRequest[]
  readonly statesOf: (localId: string) => readonly WireUploadState[]
  readonly statusesOf: (localId: string) => readonly string[]
  /** Resolves when a condition holds. */
  readonly when: (condition: () => boolean) => Promise<void>
  /** Resolves with its last state when an upload has ended. */
  readonly ends: (localId: string) => Promise<WireUploadState>
  /** Resolves when so many uploads have ended. */
  readonly ended: (count: number) => Promise<void>
  /** Ends the page as SIGKILL does: connections are cut, nothing runs any more, locks are free. */
  readonly kill: () => void
}

export interface TestEngineOptions {
  readonly oss: OssFixture
  readonly browser?: TestBrowser
  readonly settings?: Partial<EngineSettings>
  /** Changes the ports before they are made mortal. */
  readonly ports?: (ports: EnginePorts) => Partial<EnginePorts>
}

/** Starts an engine whose uploads go to the key of their file's name. */
export async function startTestEngine({
  oss,
  browser = createTestBrowser(),
  settings = {},
  ports: change = () => ({}),
}: TestEngineOptions): Promise<TestEngine> {
  const http = createNodeHttpClient()
  const crc64 = await createCrc64()
  const hashBlob = createHashBlob(crc64)
  const clock = createFakeClock()
  const events: EngineEvent[] = []
  const asked: CredentialsRequest[] = []
  const names = new Map<string, string>()
  let isAlive = true
  const death = new AbortController()

  const base: EnginePorts = {
    http: http.send,
    probe: http.probe,
    isAllowedByCors: async () => true,
    link: { isUp: () => true, onChange: () => undefined },
    pageOrigin: 'http://page.test',
    partUploader: createLocalPartUploader(http.send, hashBlob),
    bodies: sliceBodies,
    spareConnections: 0,
    getCredentials: async (request) => {
      asked.push(request)
      return { ...(await oss.api.credentials({ key: names.get(request.localId) ?? '' })), VideoId: 'video' }
    },
    signRequests: ({ requests }) => oss.api.sign({ requests }),
    createSource: await loadCreateSource({ ...SETTINGS, ...settings }),
    checkpoints: browser.store,
    takeLock: (name, onWait, signal) =>
      browser.takeLock(name, onWait, AbortSignal.any([signal, death.signal])),
    heldLocks: browser.heldLocks,
    crc64,
    hashBlob,
    md5Blob: createMd5Blob(),
    clock,
    random: () => 0.5,
    emit: (event) => events.push(event),
  }
  const full = { ...base, ...change(base) }

  /** A call that is answered as long as the page lives. */
  const mortal =
    <Arguments extends readonly unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      if (!isAlive) return new Promise(() => undefined)
      const outcome = await call(...args).then(
        (value) => () => value,
        (error: unknown) => () => {
          throw error
        },
      )
      return isAlive ? outcome() : new Promise(() => undefined)
    }
  const unlocks = new Set<() => void>()
  const engine = createEngine(
    { ...SETTINGS, ...settings },
    {
      ...full,
      http: mortal(full.http),
      probe: mortal(full.probe),
      partUploader: { send: mortal((task, options) => full.partUploader.send(task, options)) },
      getCredentials: mortal(full.getCredentials),
      signRequests: mortal(full.signRequests),
      checkpoints: {
        load: mortal(full.checkpoints.load),
        save: mortal(full.checkpoints.save),
        remove: mortal(full.checkpoints.remove),
        entries: mortal(full.checkpoints.entries),
      },
      takeLock: mortal(async (...args) => {
        const unlock = await full.takeLock(...args)
        unlocks.add(unlock)
        return unlock
      }),
      emit: (event) => isAlive && full.emit(event),
    },
  )

  const statesOf = (localId: string): readonly WireUploadState[] =>
    events.flatMap((event) => (event.type === 'state' && event.localId === localId ? [event.state] : []))
  const when = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve))
  }
  const endOf = (localId: string): WireUploadState | undefined => statesOf(localId).find(isEnded)

  const ended = (count: number): Promise<void> =>
    when(() => events.filter((event) => event.type === 'state' && isEnded(event.state)).length === count)

  return {
    engine: {
      ...engine,
      add(requests) {
        for (const { localId, name } of requests) names.set(localId, name)
        engine.add(requests)
      },
    },
    events,
    clock,
    asked,
    statesOf,
    statusesOf: (localId) => statesOf(localId).map(({ status }) => status),
    when,
    ended,
    async ends(localId) {
      await when(() => endOf(localId) !== undefined)
      return endOf(localId) ?? { status: 'canceled' }
    },
    kill() {
      isAlive = false
      death.abort(new Error('killed'))
      http.close()
      for (const unlock of unlocks) unlock()
    },
  }
}

let lastId = 0

/** A file of bytes that no other has, as a request to upload it to the key of its name. */
export function requestFor(sizeBytes: number, partSizeBytes?: number): AddRequest & { readonly file: File } {
  lastId += 1
  const name = `engine-${lastId}.bin`
  const file = new File(
    [new Uint8Array(sizeBytes).map((_, index) => index * 7 + (index >> 8) + lastId)],
    name,
  )
  return {
    localId: name,
    file,
    name,
    partSizeBytes,
    objectHeaders: { 'content-type': 'application/octet-stream' },
    handle: undefined,
    priority: 0,
    mediaId: undefined,
    isPaused: false,
  }
}
