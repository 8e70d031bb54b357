import type crypto from 'node:crypto'
import type workerThreads from 'node:worker_threads'
import { Worker } from 'node:worker_threads'

/** MD5 of one body. */
export interface Md5Job {
  /** Takes the next bytes, which are shared memory and not to be changed before it resolves. */
  update(bytes: Buffer): Promise<void>
  finish(): Promise<Buffer>
  /** Forgets the body. */
  abandon(): void
}

/** A thread that computes MD5s. It starts with the first job, and does not keep the process alive. */
export interface Md5Thread {
  start(): Md5Job
  close(): Promise<void>
}

/** What the thread is sent. */
type Order =
  | { readonly kind: 'update'; readonly job: number; readonly bytes: Uint8Array }
  | { readonly kind: 'finish'; readonly job: number }
  | { readonly kind: 'abandon'; readonly job: number }

/** What it sends back, in the order of what it was sent. */
type Report =
  | { readonly kind: 'taken'; readonly job: number }
  | { readonly kind: 'digest'; readonly job: number; readonly md5: Uint8Array }

interface Waiting<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

interface JobState {
  /** Updates that were not reported yet, in order. */
  readonly updates: Waiting<void>[]
  digest: Waiting<Buffer> | undefined
}

/** Creates the thread's handle. */
export function createMd5Thread(): Md5Thread {
  const jobs = new Map<number, JobState>()
  let worker: Worker | undefined
  let lastJob = 0

  const onReport = (report: Report): void => {
    const state = jobs.get(report.job)
    if (report.kind === 'taken') {
      state?.updates.shift()?.resolve()
      return
    }
    jobs.delete(report.job)
    state?.digest?.resolve(Buffer.from(report.md5))
  }
  const onEnd = (error: unknown): void => {
    worker = undefined
    for (const { updates, digest } of jobs.values()) {
      for (const waiting of [...updates, digest]) waiting?.reject(error)
    }
    jobs.clear()
  }
  const send = (order: Order): void => {
    worker ??= startWorker(onReport, onEnd)
    worker.postMessage(order)
  }
  const stateOf = (job: number): JobState => {
    const state = jobs.get(job)
    if (state === undefined) throw new Error('the MD5 thread ended')
    return state
  }

  return {
    start() {
      lastJob += 1
      const job = lastJob
      jobs.set(job, { updates: [], digest: undefined })
      return {
        update: (bytes) =>
          new Promise((resolve, reject) => {
            stateOf(job).updates.push({ resolve, reject })
            send({ kind: 'update', job, bytes })
          }),
        finish: () =>
          new Promise((resolve, reject) => {
            stateOf(job).digest = { resolve, reject }
            send({ kind: 'finish', job })
          }),
        abandon() {
          if (jobs.delete(job)) send({ kind: 'abandon', job })
        },
      }
    },
    async close() {
      await worker?.terminate()
    },
  }
}

/**
 * The thread's program is passed as text: it has to run from the TypeScript sources too, where there is no file
 * that Node 20 could load.
 */
function startWorker(onReport: (report: Report) => void, onEnd: (error: unknown) => void): Worker {
  const worker = new Worker(`(${String(threadProgram)})(require)`, { eval: true, name: 'md5' })
  worker.unref()
  worker.on('message', onReport)
  worker.on('error', onEnd)
  worker.on('exit', () => onEnd(new Error('the MD5 thread ended')))
  return worker
}

/** Runs in the thread, where nothing of this module is. */
function threadProgram(load: NodeJS.Require): void {
  const { createHash }: typeof crypto = load('node:crypto')
  const { parentPort }: typeof workerThreads = load('node:worker_threads')
  const hashes = new Map<number, crypto.Hash>()
  parentPort?.on('message', (order: Order) => {
    const hash = hashes.get(order.job) ?? createHash('md5')
    if (order.kind === 'update') {
      hashes.set(order.job, hash.update(order.bytes))
      parentPort.postMessage({ kind: 'taken', job: order.job } satisfies Report)
      return
    }
    hashes.delete(order.job)
    if (order.kind === 'finish') {
      parentPort.postMessage({ kind: 'digest', job: order.job, md5: hash.digest() } satisfies Report)
    }
  })
}
