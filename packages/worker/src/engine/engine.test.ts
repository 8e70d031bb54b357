import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createNodeHttpClient } from '../../../../test/harness/node-http-client.ts'
import { startOssFixture } from '../../../../test/harness/oss-fixture.ts'
import type { OssFixture } from '../../../../test/harness/oss-fixture.ts'
import { createCrc64 } from '../hash/crc64.ts'
import { createHashBlob } from '../hash/hash-blob.ts'
import { createLocalPartUploader } from '../part/local-part-uploader.ts'
import type { AddRequest, EngineEvent, EngineSettings } from '../protocol/engine-api.ts'
import { createEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import type { EnginePorts, PartUploader } from './ports.ts'

const MIB = 1024 ** 2
const settings: EngineSettings = {
  connectionsPerHost: 6,
  parallelFiles: 6,
  parallelParts: 5,
  maxWorkers: 1,
  signatureVersion: 'v4',
  stallTimeoutMs: 10_000,
  requestTimeoutMs: 10_000,
  completeTimeoutMs: 10_000,
}

let oss: OssFixture
let partUploader: PartUploader
const http = createNodeHttpClient()
beforeAll(async () => {
  oss = await startOssFixture()
  partUploader = createLocalPartUploader(http.send, createHashBlob(await createCrc64()))
})
afterEach(() => oss.api.clearFaults())
afterAll(async () => {
  http.close()
  await oss.close()
})

/** Holds every body back until it is told to let one go. */
function createGate(uploader: PartUploader): PartUploader & {
  readonly held: () => readonly string[]
  readonly release: () => void
  readonly report: (sentBytes: number) => void
} {
  const held: {
    readonly url: string
    readonly go: () => void
    readonly report: (sentBytes: number) => void
  }[] = []
  return {
    async send(task, options) {
      await new Promise<void>((resolve, reject) => {
        held.push({ url: task.request.url, go: resolve, report: options.onProgress })
        options.signal.addEventListener('abort', () => reject(options.signal.reason), { once: true })
      })
      return uploader.send(task, options)
    },
    held: () => held.map(({ url }) => new URL(url).pathname.split('/').at(-1) ?? ''),
    release: () => held.shift()?.go(),
    report: (sentBytes) => {
      for (const { report } of held) report(sentBytes)
    },
  }
}

interface Timer {
  readonly atMs: number
  readonly callback: () => void
}

/** Time that stands still until it is moved. */
function createFakeClock(): EnginePorts['clock'] & { readonly advance: (ms: number) => void } {
  let nowMs = Date.now()
  let timers: Timer[] = []
  return {
    now: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { atMs: nowMs + delayMs, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: (ms) => {
      nowMs += ms
      const due = timers.filter(({ atMs }) => atMs <= nowMs)
      timers = timers.filter(({ atMs }) => atMs > nowMs)
      for (const { callback } of due) callback()
    },
  }
}

interface TestEngine {
  readonly engine: Engine
  readonly events: readonly EngineEvent[]
  /** Resolves when as many uploads have ended. */
  readonly ended: (count: number) => Promise<void>
  /** Resolves when a condition holds; looked at with each event. */
  readonly when: (condition: () => boolean) => Promise<void>
  readonly clock: ReturnType<typeof createFakeClock>
  readonly statesOf: (localId: string) => readonly string[]
}

function start(changed: Partial<EngineSettings> = {}, uploader = partUploader): TestEngine {
  const events: EngineEvent[] = []
  const clock = createFakeClock()
  const engine = createEngine(
    { ...settings, ...changed },
    {
      http: http.send,
      partUploader: uploader,
      getCredentials: ({ localId }) => oss.api.credentials({ key: localId }),
      clock,
      emit: (event) => events.push(event),
    },
  )
  const when = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve))
  }
  const statesOf = (localId: string): readonly string[] =>
    events.flatMap((event) =>
      event.type === 'state' && event.localId === localId ? [event.state.status] : [],
    )
  const ends = new Set(['succeeded', 'failed', 'canceled'])
  const ended = (count: number): Promise<void> =>
    when(
      () => events.filter((event) => event.type === 'state' && ends.has(event.state.status)).length === count,
    )
  return { engine, events, clock, when, ended, statesOf }
}

let lastId = 0
function request(sizeBytes: number, partSizeBytes?: number): AddRequest {
  lastId += 1
  const localId = `engine-${lastId}`
  const file = new Blob([new Uint8Array(sizeBytes).map((_, index) => index * lastId)])
  return { localId, file, name: `${localId}.bin`, partSizeBytes, contentType: undefined }
}

describe('the engine', () => {
  test('opens, sends all parts, completes', async () => {
    const { engine, ended, statesOf } = start()
    const upload = request(3 * MIB, MIB)
    engine.add(upload)
    await ended(1)
    expect(statesOf(upload.localId)).toEqual(['preparing', 'uploading', 'completing', 'succeeded'])
    const log = await oss.api.log({ key: upload.localId })
    expect(log.map(({ op }) => op)).toEqual([
      'InitiateMultipartUpload',
      'UploadPart',
      'UploadPart',
      'UploadPart',
      'CompleteMultipartUpload',
    ])
    expect(log.filter(({ op }) => op === 'UploadPart').map(({ bytesIn }) => bytesIn)).toEqual([MIB, MIB, MIB])
  })

  test('works on no more files at a time than allowed, in the order in which they came', async () => {
    const gate = createGate(partUploader)
    const { engine, ended, when, statesOf } = start({ parallelFiles: 2 }, gate)
    const uploads = [request(10), request(10), request(10)]
    for (const upload of uploads) engine.add(upload)
    await when(() => gate.held().length === 2)
    expect(uploads.map(({ localId }) => statesOf(localId).at(-1))).toEqual([
      'uploading',
      'uploading',
      undefined,
    ])
    gate.release()
    await when(() => statesOf(uploads[2]?.localId ?? '').includes('uploading'))
    await when(() => gate.held().length === 2)
    gate.release()
    gate.release()
    await ended(3)
  })

  test('gives a file that comes later its share of the connections', async () => {
    const gate = createGate(partUploader)
    const { engine, ended, when } = start({}, gate)
    const first = request(40 * MIB, MIB)
    const second = request(40 * MIB, MIB)
    engine.add(first)
    await when(() => gate.held().length === 5)
    engine.add(second)
    await when(() => gate.held().length === 6)
    for (let round = 0; round < 4; round++) {
      gate.release()
      await when(() => gate.held().length === 6)
    }
    const ofSecond = gate.held().filter((name) => name === second.localId).length
    expect(ofSecond).toBe(3)
    await Promise.all([engine.cancel(first.localId), engine.cancel(second.localId)])
    await ended(2)
  })

  test('tells of progress at most every 100 ms, of all uploads in one message', async () => {
    const gate = createGate(partUploader)
    const { engine, events, clock, ended, when } = start({}, gate)
    const uploads = [request(1000), request(1000)]
    for (const upload of uploads) engine.add(upload)
    await when(() => gate.held().length === 2)
    const progress = (): readonly EngineEvent[] => events.filter(({ type }) => type === 'progress')
    clock.advance(100)
    const before = progress().length
    for (let step = 1; step <= 50; step++) {
      gate.report(step * 10)
      clock.advance(10)
    }
    expect(progress().length - before).toBe(5)
    expect(progress().at(-1)).toMatchObject({
      uploads: uploads.map(({ localId }) => [localId, { totalBytes: 1000 }]),
    })
    gate.release()
    gate.release()
    await ended(2)
  })

  test('stops ticking when nothing runs', async () => {
    const { engine, events, clock, ended } = start()
    engine.add(request(10))
    await ended(1)
    clock.advance(100)
    const count = events.length
    clock.advance(10_000)
    expect(events).toHaveLength(count)
  })

  test('lets one upload fail without touching the others', async () => {
    const { engine, ended, statesOf } = start()
    const [bad, good] = [request(3 * MIB, MIB), request(3 * MIB, MIB)]
    await oss.api.orderFault({
      kind: 'status',
      key: bad.localId,
      op: 'UploadPart',
      status: 500,
      code: 'InternalError',
    })
    engine.add(bad)
    engine.add(good)
    await ended(2)
    expect([statesOf(bad.localId).at(-1), statesOf(good.localId).at(-1)]).toEqual(['failed', 'succeeded'])
    expect(await oss.api.openUploads({ key: bad.localId })).toEqual([])
  })

  test('goes on at once when an upload is resumed before its pause has come to rest', async () => {
    const gate = createGate(partUploader)
    const { engine, ended, when, statesOf } = start({}, gate)
    const upload = request(2 * MIB, MIB)
    engine.add(upload)
    await when(() => gate.held().length === 2)
    engine.pause(upload.localId)
    engine.resume(upload.localId)
    // Two bodies of the run that was paused, two of the run that goes on.
    await when(() => gate.held().length === 4)
    for (let index = 0; index < 4; index++) gate.release()
    await ended(1)
    expect(statesOf(upload.localId)).toEqual([
      'preparing',
      'uploading',
      'paused',
      'queued',
      'preparing',
      'uploading',
      'completing',
      'succeeded',
    ])
    const opened = (await oss.api.log({ key: upload.localId })).filter(
      ({ op }) => op === 'InitiateMultipartUpload',
    )
    expect(opened).toHaveLength(1)
  })
})
