import { expose } from 'comlink'
import type { PartUploader } from '../engine/ports.ts'
import { settle } from '../protocol/wire-error.ts'
import type { PartUploaderApi, PartWorkerEvent } from './part-uploader-api.ts'

/** Serves a part uploader over a port: the worker's side of a worker of the pool. */
export function servePartUploader(uploader: PartUploader, port: MessagePort): void {
  const controllers = new Map<number, AbortController>()
  const post = (event: PartWorkerEvent): void => port.postMessage(event)

  expose(
    {
      send: (taskId, task) =>
        settle(async () => {
          const controller = new AbortController()
          controllers.set(taskId, controller)
          try {
            return await uploader.send(task, {
              signal: controller.signal,
              onProgress: (sentBytes) => post({ type: 'sluice:progress', taskId, sentBytes }),
            })
          } finally {
            controllers.delete(taskId)
          }
        }),
      abort: (taskId) => controllers.get(taskId)?.abort(),
      ping: () => undefined,
    } satisfies PartUploaderApi,
    port,
  )
  post({ type: 'sluice:ready' })
}
