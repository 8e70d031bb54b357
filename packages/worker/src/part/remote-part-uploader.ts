import { transfer, wrap } from 'comlink'
import type { PartAnswer, PartUploader } from '../engine/ports.ts'
import { toUploadError, unsettle } from '../protocol/wire-error.ts'
import type { Settled } from '../protocol/wire-error.ts'
import { untilAborted } from '../clock/wait.ts'
import { isPartWorkerEvent } from './part-uploader-api.ts'
import type { PartUploaderApi } from './part-uploader-api.ts'

/** A part uploader in another worker: the engine's side. */
export interface RemotePartUploader extends PartUploader {
  /** Resolves when the worker has answered for the first time. */
  readonly ready: Promise<void>
  /** Resolves when the worker answers. */
  ping(): Promise<void>
  /** The worker died: what it was sending fails with this error, and so does all that follows. */
  fail(error: Error): void
}

export function createRemotePartUploader(port: MessagePort): RemotePartUploader {
  const api = wrap<PartUploaderApi>(port)
  const listeners = new Map<number, (sentBytes: number) => void>()
  const death = new AbortController()
  let lastTaskId = 0

  const ready = new Promise<void>((resolve, reject) => {
    death.signal.addEventListener('abort', () => reject(toUploadError(death.signal.reason)), { once: true })
    port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!isPartWorkerEvent(data)) return
      if (data.type === 'sluice:ready') resolve()
      else listeners.get(data.taskId)?.(data.sentBytes)
    })
    port.start()
  })

  return {
    ready,
    ping: () => api.ping(),
    fail: (error) => death.abort(error),
    async send(task, { signal, onProgress }) {
      const stop = AbortSignal.any([signal, death.signal])
      stop.throwIfAborted()
      lastTaskId += 1
      const taskId = lastTaskId
      listeners.set(taskId, onProgress)
      const given = task.body instanceof ArrayBuffer ? transfer(task, [task.body]) : task
      const call: Promise<Settled<PartAnswer>> = api.send(taskId, given)
      try {
        return unsettle(await untilAborted(call, stop))
      } finally {
        listeners.delete(taskId)
        // A dead worker never answers this; nobody waits for it.
        if (stop.aborted) void api.abort(taskId)
      }
    },
  }
}
