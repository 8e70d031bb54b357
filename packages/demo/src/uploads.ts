import { signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import { createUploader } from '@sluice/core'
import type { GetCredentials, ResumableUpload, Uploader, UploadStatus } from '@sluice/core'
import { createEventLog } from './engine/event-log.ts'
import type { EventLog } from './engine/event-log.ts'
import { sampleThroughput } from './engine/throughput.ts'
import { noticeOf } from './pick/notice.ts'
import type { PickedFile } from './pick/picked-file.ts'
import type { FoundItem } from './pick/read-transfer.ts'
import type { Limits } from './queue/limits.ts'
import { createQueue } from './queue/queue.ts'
import type { Queue } from './queue/queue.ts'
import { announce } from './shell/announcer.tsx'
import { createMortalWorkers } from './trouble/mortal-workers.ts'
import { format, words } from './words/language.ts'
import { statusWords } from './words/words.ts'

/** Changes that a person who cannot see the page wants to hear of. */
const ANNOUNCED: ReadonlySet<UploadStatus> = new Set(['paused', 'succeeded', 'failed', 'canceled'])

/** What the page shows and does. */
export interface Uploads {
  readonly uploader: Uploader
  readonly queue: Queue
  /** What earlier pages left. */
  readonly unfinished: ReadonlySignal<readonly ResumableUpload[]>
  readonly log: EventLog
  /** Bytes per second, every second of the last two minutes. */
  readonly throughput: ReadonlySignal<readonly number[]>
  /** What a person has to know of no single upload; lines, or nothing. */
  readonly notice: Signal<string>
  readonly add: (items: Iterable<FoundItem> | AsyncIterable<FoundItem>) => Promise<void>
  readonly discard: (upload: ResumableUpload) => Promise<void>
  readonly killWorker: () => void
}

export function createUploads(getCredentials: GetCredentials, limits: Limits): Uploads {
  const log = createEventLog()
  const notice = signal('')
  const unfinished = signal<readonly ResumableUpload[]>([])
  const workers = createMortalWorkers()
  // The silence is short, so that a person who kills the worker need not wait long.
  const uploader = createUploader({
    getCredentials(context) {
      log.add(context.name, ({ engine }) => engine.asks[context.reason])
      return getCredentials(context)
    },
    createWorker: workers.createWorker,
    silenceTimeoutMs: 10_000,
  })
  uploader.on('warning', (warning) => {
    notice.value = words.peek().warning(warning)
    log.add('', (say) => say.warning(warning))
  })

  const start = (picked: PickedFile, priority: number): ReturnType<Uploader['upload']> => {
    const { path, file, handle } = picked
    unfinished.value = unfinished.peek().filter((upload) => !isOf(upload, picked))
    const upload = uploader.upload(handle ?? file, { priority })
    upload.on('retry', ({ error, attempt }) =>
      log.add(path, ({ engine, error: say }) => engine.retry(attempt, say(error))),
    )
    upload.on('retry-resume', () => log.add(path, ({ engine }) => engine.retryResume))
    upload.on('restart', ({ reason }) => log.add(path, ({ engine }) => engine.restart[reason]))
    return upload
  }

  const queue = createQueue({
    limits,
    start,
    onMoment({ picked: { path } }, before, { state, tookMs, cancelError }) {
      if (cancelError !== undefined) log.add(path, () => cancelError.message)
      if (before.state === state) return
      log.add(path, (say, formats) =>
        tookMs === undefined ? statusWords(say, state) : say.engine.succeededIn(formats.duration(tookMs)),
      )
      const { status } = state
      if (!ANNOUNCED.has(status)) return
      const group = status === 'succeeded' || status === 'failed' ? status : 'other'
      announce(group, `${path}: ${statusWords(words.peek(), state)}`, words.peek().queue.ended)
    },
    onRemove: () => void findUnfinished(),
  })

  /** A page that cannot list what is unfinished can still upload. */
  const findUnfinished = async (): Promise<void> => {
    try {
      const found = await uploader.resumable()
      const items = queue.items.peek()
      unfinished.value = found.filter((upload) => !items.some(({ picked }) => isOf(upload, picked)))
    } catch (error) {
      notice.value = error instanceof Error ? error.message : String(error)
    }
  }
  void findUnfinished()

  return {
    uploader,
    queue,
    unfinished,
    log,
    notice,
    throughput: sampleThroughput(() => queue.overall.peek().bytesPerSecond),
    async add(items) {
      const unreadable: string[] = []
      let found = 0
      const readable = async function* (): AsyncGenerator<PickedFile> {
        for await (const item of items) {
          if ('unreadable' in item) {
            unreadable.push(item.unreadable)
            continue
          }
          found += 1
          yield item
        }
      }
      const refusals = await queue.add(readable())
      notice.value = noticeOf({ found, unreadable, refusals }, limits, words.peek(), format.peek())
    },
    async discard(upload) {
      await uploader.discard(upload)
      await findUnfinished()
    },
    killWorker: workers.kill,
  }
}

function isOf({ name, sizeBytes }: ResumableUpload, { file }: PickedFile): boolean {
  return file.name === name && file.size === sizeBytes
}
