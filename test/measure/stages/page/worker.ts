import { createCRC64 } from 'hash-wasm'
import { createCrc64, createHashBlob, createV4Signer } from '@sluice/worker'
import type { Crc64 } from '@sluice/worker'
import { CHECKPOINT_VERSION } from '../../../../packages/worker/src/checkpoint/checkpoint.ts'
import type { Checkpoint } from '../../../../packages/worker/src/checkpoint/checkpoint.ts'
import { createIdbStore } from '../../../../packages/worker/src/checkpoint/idb-store.ts'
import { readChunks } from '../../../../packages/worker/src/hash/read-chunks.ts'

export interface Order {
  readonly stage: string
  readonly file: File
  /** Bytes of a slice. */
  readonly sliceBytes: number
  /** Slices at a time. */
  readonly parallel: number
  /** Origin of the server. */
  readonly origin: string
}

export interface Outcome {
  readonly durationMs: number
  /** How often something was done that is not measured by bytes. */
  readonly times: number
}

/** In workers only, so that the types of the page do not know it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer }

const NEVER = new AbortController().signal
const TIMES = 500

self.addEventListener('message', ({ data }: MessageEvent<Order>) => {
  const stage = STAGES[data.stage]
  if (stage === undefined) throw new Error(`No stage ${data.stage}`)
  // What fails is reported as an uncaught error.
  void measure(stage, data).then((outcome) => self.postMessage(outcome))
})

type Stage = (order: Order) => Promise<() => Promise<unknown>>

/** What a stage gets ready first is not measured. */
async function measure(stage: Stage, order: Order): Promise<Outcome> {
  const go = await stage(order)
  const startedMs = performance.now()
  await go()
  return { durationMs: performance.now() - startedMs, times: TIMES }
}

const STAGES: Readonly<Record<string, Stage>> = {
  async send(order) {
    return () => eachSlice(order, (slice) => put(order, slice))
  },
  async read(order) {
    return () =>
      eachSlice(order, async (slice) => {
        for await (const chunk of readChunks(slice, NEVER)) if (chunk.length === 0) throw new Error('Nothing')
      })
  },
  async 'read-hash'(order) {
    const hashBlob = createHashBlob(await createCrc64())
    return () => eachSlice(order, (slice) => hashBlob(slice, NEVER))
  },
  async 'send-read-hash'(order) {
    const hashBlob = createHashBlob(await createCrc64())
    return () => eachSlice(order, (slice) => Promise.all([put(order, slice), hashBlob(slice, NEVER)]))
  },
  async hash(order) {
    return hashMemory(order, await createCrc64())
  },
  async 'hash-wasm'(order) {
    const hasher = await createCRC64()
    return hashMemory(order, (bytes) => BigInt(`0x${hasher.init().update(bytes).digest('hex')}`))
  },
  async copy(order) {
    const [from, to] = [new Uint8Array(order.sliceBytes), new Uint8Array(order.sliceBytes)]
    return () => eachSlice(order, async () => to.set(from))
  },
  async 'read-whole'(order) {
    return () => eachSlice(order, (slice) => slice.arrayBuffer())
  },
  async 'read-sync'(order) {
    const reader = new FileReaderSync()
    return () => eachSlice(order, async (slice) => reader.readAsArrayBuffer(slice))
  },
  async 'make-blob'(order) {
    const bytes = new Uint8Array(order.sliceBytes)
    // A byte of it, so that the blob is there.
    return () => eachSlice(order, () => new Blob([bytes]).slice(0, 1).arrayBuffer())
  },
  async 'send-memory'(order) {
    const bytes = new Uint8Array(order.sliceBytes)
    return () => eachSlice(order, () => put(order, bytes))
  },
  async 'send-blob'(order) {
    const blob = new Blob([new Uint8Array(order.sliceBytes)])
    return () => eachSlice(order, () => put(order, blob))
  },
  async 'read-hash-send-memory'(order) {
    const crc64 = await createCrc64()
    return () =>
      eachSlice(order, async (slice) => {
        const bytes = new Uint8Array(await slice.arrayBuffer())
        crc64(bytes)
        await put(order, bytes)
      })
  },
  async sign() {
    const credentials = { accessKeyId: 'STS.a', accessKeySecret: 'b', securityToken: 'c'.repeat(600) }
    const now = new Date()
    const signer = await createV4Signer(credentials, 'cn-hangzhou', now)
    const query = { partNumber: '1', uploadId: 'D'.repeat(32) }
    return () =>
      repeat(() => signer.signHeaders({ method: 'PUT', bucket: 'a', key: 'b', query, headers: {} }, now))
  },
  async checkpoint() {
    const store = createIdbStore(`stages-${Math.random()}`)
    const done = Array.from({ length: 64 }, (_, index) => ({
      partNumber: index + 1,
      sizeBytes: 8 * 1024 ** 2,
      etag: 'A'.repeat(32),
      crc64: '11051210869376104954',
      verified: true,
    }))
    const now = Date.now()
    const checkpoint: Checkpoint = {
      version: CHECKPOINT_VERSION,
      fingerprint: { name: 'a', sizeBytes: 1, lastModifiedMs: now, type: '', samplesCrc64: '1' },
      bucket: 'a',
      key: 'b',
      uploadId: 'D'.repeat(32),
      layout: [{ fromPart: 1, sizeBytes: 8 * 1024 ** 2 }],
      done,
      mediaId: undefined,
      handle: undefined,
      createdAtMs: now,
      updatedAtMs: now,
    }
    await store.save('upload', checkpoint)
    return () => repeat(() => store.save('upload', checkpoint))
  },
  async slice({ file }) {
    return () => repeat(async () => file.slice(0, 1024 ** 2, ''))
  },
  async 'read-small'({ file }) {
    const small = file.slice(0, 50 * 1024)
    return () => repeat(() => small.arrayBuffer())
  },
  async 'put-empty'(order) {
    return () => repeat(() => put(order, new Uint8Array()))
  },
}

async function hashMemory(order: Order, crc64: Crc64): Promise<() => Promise<unknown>> {
  const bytes = new Uint8Array(order.sliceBytes)
  return () => eachSlice(order, async () => crc64(bytes))
}

async function repeat(work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < TIMES; time++) await work()
}

async function eachSlice(
  { file, sliceBytes, parallel }: Order,
  work: (slice: Blob) => Promise<unknown>,
): Promise<void> {
  let start = 0
  const workOn = async (): Promise<void> => {
    while (start < file.size) {
      const from = start
      start += sliceBytes
      await work(file.slice(from, from + sliceBytes, ''))
    }
  }
  await Promise.all(Array.from({ length: parallel }, workOn))
}

let lastPut = 0

/** Each to a URL of its own, as parts are: so each has its preflight. */
function put({ origin }: Order, body: Blob | Uint8Array<ArrayBuffer>): Promise<void> {
  lastPut += 1
  const query = `partNumber=${lastPut}&uploadId=${performance.timeOrigin}`
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('PUT', `${origin}/benchmark/noise/stages?${query}`)
    xhr.addEventListener('load', () => resolve())
    xhr.addEventListener('error', () => reject(new Error('A PUT got no answer')))
    xhr.send(body)
  })
}
