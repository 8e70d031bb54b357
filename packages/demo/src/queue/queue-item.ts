import { signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { Upload } from '@sluice/core'
import type { PickedFile } from '../pick/picked-file.ts'
import type { Moment } from './row-view.ts'

/** A file of the list and its upload; after a retry, another upload. */
export interface QueueItem {
  readonly id: number
  readonly picked: PickedFile
  readonly moment: ReadonlySignal<Moment>
  /** Higher ones are uploaded first. */
  readonly priority: ReadonlySignal<number>
  /** Whether its row is so near to what is seen that it needs its contents. */
  readonly isNear: Signal<boolean>
  readonly upload: () => Upload
  readonly pause: () => void
  readonly resume: () => void
  readonly cancel: () => void
  readonly retry: () => void
  readonly setPriority: (priority: number) => void
}

export interface QueueItemOptions {
  readonly id: number
  readonly picked: PickedFile
  /** Starts an upload of the file; called once more for each retry. */
  readonly start: (priority: number) => Upload
  /** Called after each change. */
  readonly onMoment: (before: Moment, now: Moment) => void
}

export function createQueueItem({ id, picked, start, onMoment }: QueueItemOptions): QueueItem {
  const priority = signal(0)
  let upload = start(0)
  const moment = signal(firstMoment(upload))
  const change = (changed: Partial<Moment>): void => {
    const before = moment.peek()
    moment.value = { ...before, ...changed }
    onMoment(before, moment.peek())
  }
  const follow = (followed: Upload): void => {
    let beganAtMs = performance.now()
    followed.on('progress', (progress) => change({ progress }))
    followed.on('statechange', ({ from, to }) => {
      if (from.status === 'queued') beganAtMs = performance.now()
      const tookMs = to.status === 'succeeded' ? performance.now() - beganAtMs : undefined
      change({ state: to, progress: followed.progress, tookMs })
    })
  }
  follow(upload)
  return {
    id,
    picked,
    moment,
    priority,
    isNear: signal(false),
    upload: () => upload,
    pause: () => upload.pause(),
    resume: () => upload.resume(),
    cancel() {
      upload.cancel().catch((error: unknown) => {
        change({ cancelError: error instanceof Error ? error : new Error(String(error)) })
      })
    },
    retry() {
      upload = start(priority.peek())
      change(firstMoment(upload))
      follow(upload)
    },
    setPriority(next) {
      priority.value = next
      upload.setPriority(next)
    },
  }
}

function firstMoment({ state, progress }: Upload): Moment {
  return { state, progress, tookMs: undefined, cancelError: undefined }
}
