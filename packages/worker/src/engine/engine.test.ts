import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createNodeHttpClient } from '../../../../test/harness/node-http-client.ts'
import { startOssFixture } from '../../../../test/harness/oss-fixture.ts'
import type { OssFixture } from '../../../../test/harness/oss-fixture.ts'
import { createTestBrowser, MIB, requestFor, startTestEngine } from '../../../../test/harness/test-engine.ts'
import { createCrc64 } from '../hash/crc64.ts'
import { createHashBlob } from '../hash/hash-blob.ts'
import { createLocalPartUploader } from '../part/local-part-uploader.ts'
import type { EngineEvent } from '../protocol/engine-api.ts'
import type { PartUploader } from './ports.ts'

let oss: OssFixture
let uploader: PartUploader
const http = createNodeHttpClient()
beforeAll(async () => {
  oss = await startOssFixture()
  uploader = createLocalPartUploader(http.send, createHashBlob(await createCrc64()))
})
afterEach(() => oss.api.clearFaults())
afterAll(async () => {
  http.close()
  await oss.close()
})

/** Holds every body back until it is told to let one go. */
function createGate(inner: PartUploader): PartUploader & {
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
      return inner.send(task, options)
    },
    held: () => held.map(({ url }) => new URL(url).pathname.split('/').at(-1) ?? ''),
    release: () => held.shift()?.go(),
    report: (sentBytes) => {
      for (const { report } of held) report(sentBytes)
    },
  }
}

function releaseAll(gate: ReturnType<typeof createGate>): void {
  while (gate.held().length > 0) gate.release()
}

describe('the engine', () => {
  test('opens, sends all parts, completes', async () => {
    const { engine, ended, statusesOf } = await startTestEngine({ oss })
    const upload = requestFor(3 * MIB, MIB)
    engine.add([upload])
    await ended(1)
    expect(statusesOf(upload.localId)).toEqual(['preparing', 'uploading', 'completing', 'succeeded'])
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

  test('gets small files ready ahead, as many as are worked on, but none behind a large one', async () => {
    const gate = createGate(uploader)
    const { engine, when, statusesOf, asked } = await startTestEngine({
      oss,
      settings: { parallelFiles: 2 },
      ports: () => ({ partUploader: gate }),
    })
    const sizes = [10, 10, 10, 10, 10, 2 * MIB, 10]
    const uploads = sizes.map((size) => requestFor(size))
    for (const upload of uploads) engine.add([upload])
    await when(() => gate.held().length === 2 && asked.length === 4)
    const last = (): readonly (string | undefined)[] =>
      uploads.map(({ localId }) => statusesOf(localId).at(-1))
    const count = (status: string | undefined): number => last().filter((other) => other === status).length
    const counts = (): readonly number[] => ['succeeded', 'uploading', 'preparing', undefined].map(count)
    expect(counts()).toEqual([0, 2, 2, 3])
    gate.release()
    await when(() => gate.held().length === 2 && asked.length === 5)
    expect(counts()).toEqual([1, 2, 2, 2])
    while (last().some((status) => status !== 'succeeded')) {
      gate.release()
      await new Promise((resolve) => setImmediate(resolve))
    }
  })

  test('begins the files of a higher priority first, also when it is changed while they wait', async () => {
    const { engine, ended, events } = await startTestEngine({ oss, settings: { parallelFiles: 1 } })
    const [first, second, third, urgent, late, last] = Array.from({ length: 6 }, () => requestFor(2 * MIB))
    if (!first || !second || !third || !urgent || !late || !last) throw new Error('Six were made')
    engine.add([first, second, third])
    engine.add([
      { ...urgent, priority: 1 },
      { ...late, priority: -1 },
    ])
    engine.setPriority(third.localId, 2)
    engine.add([last])
    await ended(6)
    const order = events.flatMap((event) =>
      event.type === 'state' && event.state.status === 'succeeded' ? [event.localId] : [],
    )
    expect(order).toEqual([first, third, urgent, second, last, late].map(({ localId }) => localId))
  })

  test('works on no more files at a time than allowed, in the order in which they came', async () => {
    const gate = createGate(uploader)
    const { engine, ended, when, statusesOf } = await startTestEngine({
      oss,
      settings: { parallelFiles: 2 },
      ports: () => ({ partUploader: gate }),
    })
    const uploads = [requestFor(2 * MIB), requestFor(2 * MIB), requestFor(2 * MIB)]
    for (const upload of uploads) engine.add([upload])
    await when(() => gate.held().length === 2)
    expect(uploads.map(({ localId }) => statusesOf(localId).at(-1))).toEqual([
      'uploading',
      'uploading',
      undefined,
    ])
    gate.release()
    await when(() => statusesOf(uploads[2]?.localId ?? '').includes('uploading'))
    await when(() => gate.held().length === 2)
    gate.release()
    gate.release()
    await ended(3)
  })

  test('nor when a file that another tab had goes on after it', async () => {
    const browser = createTestBrowser()
    const request = requestFor(3 * MIB, MIB)
    const gate = createGate(uploader)
    const tab = await startTestEngine({ oss, browser, ports: () => ({ partUploader: gate }) })
    tab.engine.add([request])
    await tab.when(() => gate.held().length === 3)

    const other = requestFor(3 * MIB, MIB)
    const gateHere = createGate(uploader)
    const here = await startTestEngine({
      oss,
      browser,
      settings: { parallelFiles: 1 },
      ports: () => ({ partUploader: gateHere }),
    })
    here.engine.add([request])
    here.engine.add([other])
    await here.when(() => gateHere.held().length === 3)
    expect(here.statusesOf(request.localId)).toEqual(['preparing', 'waiting'])
    releaseAll(gate)
    await tab.ended(1)
    expect(here.statusesOf(request.localId)).toEqual(['preparing', 'waiting'])
    releaseAll(gateHere)
    await here.when(() => gateHere.held().length === 3)
    expect(here.statusesOf(other.localId).at(-1)).toBe('succeeded')
    releaseAll(gateHere)
    await here.ended(2)
  })

  test('gives a file that comes later its share of the connections', async () => {
    const gate = createGate(uploader)
    const { engine, ended, when } = await startTestEngine({ oss, ports: () => ({ partUploader: gate }) })
    const first = requestFor(40 * MIB, MIB)
    const second = requestFor(40 * MIB, MIB)
    engine.add([first])
    await when(() => gate.held().length === 5)
    engine.add([second])
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
    const gate = createGate(uploader)
    const { engine, events, clock, ended, when } = await startTestEngine({
      oss,
      ports: () => ({ partUploader: gate }),
    })
    const uploads = [requestFor(1000), requestFor(1000)]
    for (const upload of uploads) engine.add([upload])
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
    const { engine, events, clock, ended } = await startTestEngine({ oss })
    engine.add([requestFor(10)])
    await ended(1)
    clock.advance(100)
    const count = events.length
    clock.advance(10_000)
    expect(events).toHaveLength(count)
  })

  test('lets one upload fail without touching the others', async () => {
    const { engine, ended, statusesOf } = await startTestEngine({ oss })
    const [bad, good] = [requestFor(3 * MIB, MIB), requestFor(3 * MIB, MIB)]
    await oss.api.orderFault({
      kind: 'status',
      key: bad.localId,
      op: 'UploadPart',
      status: 403,
      code: 'AccessDenied',
    })
    engine.add([bad])
    engine.add([good])
    await ended(2)
    expect([statusesOf(bad.localId).at(-1), statusesOf(good.localId).at(-1)]).toEqual(['failed', 'succeeded'])
    // What was sent can be of use when the file is uploaded again.
    expect(await oss.api.openUploads({ key: bad.localId })).toHaveLength(1)
  })

  test('goes on at once when an upload is resumed before its pause has come to rest', async () => {
    const gate = createGate(uploader)
    const { engine, ended, when, statusesOf } = await startTestEngine({
      oss,
      ports: () => ({ partUploader: gate }),
    })
    const upload = requestFor(2 * MIB, MIB)
    engine.add([upload])
    await when(() => gate.held().length === 2)
    engine.pause(upload.localId)
    engine.resume(upload.localId)
    // Two bodies of the run that was paused, two of the run that goes on.
    await when(() => gate.held().length === 4)
    for (let index = 0; index < 4; index++) gate.release()
    await ended(1)
    expect(statusesOf(upload.localId)).toEqual([
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
