import { fromWireError, isEnded, toUploadError, unsettle, UploadError } from '@sluice/worker/protocol'
import type {
  AddRequest,
  EngineApi,
  EngineEvent,
  Inspection,
  LocalId,
  PartInspection,
  ResumableUpload,
  Settled,
} from '@sluice/worker/protocol'
import type { Remote } from 'comlink'
import { checkFile, isFileHandle, openHandle, toKeptHandle } from './check-file.ts'
import type { UploadSource } from './check-file.ts'
import { createEmitter } from './emitter.ts'
import type { Listener, ListenOptions, Unsubscribe } from './emitter.ts'
import { createEngineHost } from './engine-host.ts'
import { createHandOver } from './hand-over.ts'
import { readContentType, readOptions, readPartSize, readPriority } from './read-options.ts'
import type { UploaderOptions, UploadOptions } from './options.ts'
import { createPageAuthorization } from './page-authorization.ts'
import { readHeaders } from './read-headers.ts'
import { toRestartWarning, toStorageWarning } from './uploader-events.ts'
import type { UploaderEvents } from './uploader-events.ts'
import { createUploadHandle } from './upload-handle.ts'
import type { UploadHandle } from './upload-handle.ts'
import type { Upload } from './upload.ts'

/** Uploads files. One for a page is enough: its uploads share workers and connections. */
export interface Uploader {
  /**
   * Hands a file over for upload and returns at once.
   *
   * A file of which an earlier page left an unfinished upload is recognised, and the upload goes on. With a
   * `FileSystemFileHandle` (of `showOpenFilePicker()`, or of a drop) a later page can open the file again by itself.
   *
   * @param file a `File`, a `Blob` or a `FileSystemFileHandle`
   * @throws {UploadError} `INVALID_FILE` when there is no file, or it is a folder's entry
   * @throws {UploadError} `INVALID_OPTION` when an option is out of its range
   * @throws {UploadError} `CLOSED` after `close()`
   *
   * @example
   * ```ts
   * const upload = uploader.upload(input.files[0])
   * upload.on('progress', ({ sentBytes, totalBytes }) => console.log(sentBytes / totalBytes))
   * const { bucket, key } = await upload.result
   * ```
   */
  readonly upload: (file: UploadSource, options?: UploadOptions) => Upload
  /**
   * What earlier pages left unfinished, the latest first. It goes on when the same file is handed to `upload()`: picked
   * again, or opened by its `handle`, for which `handle.requestPermission()` has to be called in a click before.
   *
   * @throws {UploadError} `WORKER_FAILED`
   */
  readonly resumable: () => Promise<readonly ResumableUpload[]>
  /**
   * Takes an unfinished upload off the server and out of the list, without its file. Credentials are asked for with reason
   * `resume`. One that is not there any more is nothing to complain of.
   *
   * @returns a promise that resolves when nothing is left on the server
   * @throws {UploadError} `IN_USE` when a page is going on with it; another code when something may be left on the server,
   *   which could not be reached or did not give credentials
   */
  readonly discard: (unfinished: Pick<ResumableUpload, 'id' | 'name'>) => Promise<void>
  /**
   * What goes on now: requests, workers, credentials. To be asked for by a page that shows it, some times a second at most.
   *
   * @throws {UploadError} `WORKER_FAILED`, `WORKER_CRASHED`, `CLOSED`
   */
  readonly inspect: () => Promise<Inspection>
  /** Listens to an event of no single upload; answers a function that stops it. */
  readonly on: <Type extends keyof UploaderEvents>(
    type: Type,
    listener: Listener<UploaderEvents[Type]>,
    options?: ListenOptions,
  ) => Unsubscribe
  /**
   * Cancels all uploads that are not ended, waits until the server is clean as far as it can be reached, and ends the
   * workers.
   */
  readonly close: () => Promise<void>
}

/**
 * Makes an uploader. Nothing is started before the first `upload()`.
 *
 * @throws {UploadError} `INVALID_OPTION`
 *
 * @example
 * ```ts
 * const uploader = createUploader({
 *   getCredentials: async ({ reason, name, mediaId, signal }) => {
 *     const body = JSON.stringify({ name, mediaId })
 *     return (await fetch(`/api/vod/${reason}`, { method: 'POST', body, signal })).json()
 *   },
 * })
 * const { mediaId } = await uploader.upload(file).result
 * ```
 */
export function createUploader(options: UploaderOptions): Uploader {
  const settings = readOptions(options, globalThis.navigator?.hardwareConcurrency ?? 1)
  const { on, emit } = createEmitter<UploaderEvents>()
  const handles = new Map<LocalId, UploadHandle>()
  /** What the engine is given, once a file is open. */
  const requests = new Map<LocalId, AddRequest>()
  /** What stands for unfinished uploads that are taken off the server. */
  const discarding = new Map<LocalId, AddRequest>()
  let isClosed = false
  let lastId = 0

  const forget = (localId: LocalId): void => {
    handles.delete(localId)
    requests.delete(localId)
  }

  const onEvent = (event: Exclude<EngineEvent, { readonly type: 'ready' }>): void => {
    switch (event.type) {
      case 'progress':
        for (const [localId, progress] of event.uploads) handles.get(localId)?.setProgress(progress)
        break
      case 'state':
        handles.get(event.localId)?.setState(event.state, event.progress)
        if (isEnded(event.state)) forget(event.localId)
        break
      case 'granted': {
        const request = requests.get(event.localId)
        if (request !== undefined) requests.set(event.localId, { ...request, mediaId: event.mediaId })
        break
      }
      case 'restart':
        handles.get(event.localId)?.emit('restart', { reason: event.reason })
        break
      case 'retry': {
        const { localId, attempt } = event
        handles.get(localId)?.emit('retry', { error: fromWireError(event.error), attempt })
        break
      }
      case 'retry-resume':
        handles.get(event.localId)?.emit('retry-resume', {})
        break
      case 'degraded':
        emit('warning', toStorageWarning(event.cause))
        break
      case 'headers-hidden':
        emit('warning', { code: 'CORS_HIDES_HEADERS', message: event.message, cause: undefined })
        break
    }
  }

  const onLost = (error: UploadError): void => {
    const lost = [...handles]
    for (const [localId, handle] of lost) {
      forget(localId)
      handle.fail(error)
    }
  }

  /** Hands all that has not ended to the next engine, which goes on from the checkpoints. */
  const onRestart = (error: UploadError): void => {
    const again = [...requests].map(([localId, request]) => {
      authorization.abortCredentials(localId)
      const handle = handles.get(localId)
      const isPaused = handle?.upload.state.status === 'paused'
      if (!isPaused) handle?.requeue()
      return { ...request, isPaused }
    })
    tell((engine) => engine.add(again))
    emit('warning', toRestartWarning(error))
  }

  const authorization = createPageAuthorization(settings.page, (localId) => {
    const request = requests.get(localId) ?? discarding.get(localId)
    if (request === undefined) throw new Error(`No upload ${localId}`)
    const { file, name } = request
    return { file, name }
  })
  const host = createEngineHost({ ...settings, authorization, onEvent, onRestart, onLost })
  /** A lost engine ends its uploads by itself, so a command that finds it lost has nothing to add. */
  const tell = (command: (engine: Remote<EngineApi>) => Promise<void>): void =>
    void host.call(command).catch(() => undefined)

  const handOver = createHandOver<AddRequest>({
    ready: () => host.call(() => Promise.resolve()),
    // The first look at a picked file's size is what takes time.
    check: ({ localId, file }) => file.size >= 0 && handles.has(localId),
    async post(added) {
      for (const request of added) requests.set(request.localId, request)
      await host.call<void>((engine) => engine.add(added))
    },
  })

  const nextId = (): LocalId => {
    lastId += 1
    return `upload-${lastId}`
  }

  const checkOpen = (): void => {
    if (isClosed) throw new UploadError('CLOSED', 'The uploader is closed: create a new one.')
  }

  return {
    upload(source, uploadOptions = {}) {
      checkOpen()
      checkFile(source)
      const { signal } = uploadOptions
      const partSizeBytes = readPartSize(uploadOptions.partSizeBytes)
      readContentType(uploadOptions.contentType ?? '')
      let wanted = readPriority(uploadOptions.priority ?? 0)
      signal?.throwIfAborted()
      const localId = nextId()
      const name =
        uploadOptions.name ?? ('name' in source && typeof source.name === 'string' ? source.name : 'blob')

      // After the end there is no engine to be woken for it.
      const isAlive = (): boolean => handles.has(localId)
      const handle = createUploadHandle(
        { localId, file: source, name, signal },
        {
          parts: async () => {
            await added
            return isAlive() ? host.call<readonly PartInspection[]>((engine) => engine.parts(localId)) : []
          },
          setPriority: (priority) => {
            wanted = readPriority(priority)
            void added.then(() => {
              const request = requests.get(localId)
              if (request === undefined) return
              requests.set(localId, { ...request, priority: wanted })
              tell((engine) => engine.setPriority(localId, wanted))
            })
          },
          pause: () => void added.then(() => isAlive() && tell((engine) => engine.pause(localId))),
          resume: () => void added.then(() => isAlive() && tell((engine) => engine.resume(localId))),
          cancel: async () => {
            // The engine knows what an earlier page has left of it.
            await added
            if (!isAlive()) return
            const settled = await host.call<Settled<void>>((engine) => engine.cancel(localId))
            // The word of the end comes another way, and may be later.
            await handle.upload.result.catch(() => undefined)
            unsettle(settled)
          },
        },
      )
      handles.set(localId, handle)

      const fail = (error: unknown): void => {
        forget(localId)
        handle.fail(toUploadError(error))
      }
      const add = async (): Promise<void> => {
        const file = isFileHandle(source) ? await openHandle(source) : source
        const request: AddRequest = {
          localId,
          file,
          name,
          partSizeBytes,
          objectHeaders: await readHeaders(uploadOptions, file.type),
          handle: toKeptHandle(source),
          priority: wanted,
          mediaId: undefined,
          isPaused: false,
        }
        await handOver(request)
      }
      const added = add().catch(fail)
      return handle.upload
    },
    async resumable() {
      checkOpen()
      return unsettle(await host.call<Settled<readonly ResumableUpload[]>>((engine) => engine.resumable()))
    },
    async discard({ id, name }) {
      checkOpen()
      const localId = nextId()
      const request: AddRequest = {
        localId,
        file: new File([], name),
        name,
        partSizeBytes: undefined,
        objectHeaders: {},
        handle: undefined,
        priority: 0,
        mediaId: undefined,
        isPaused: true,
      }
      discarding.set(localId, request)
      try {
        unsettle(await host.call<Settled<void>>((engine) => engine.discard(request, id)))
      } finally {
        discarding.delete(localId)
      }
    },
    async inspect() {
      checkOpen()
      // Nothing is started for it.
      if (handles.size === 0) return { hosts: [], bodiesByWorker: [], uploads: [] }
      return host.call<Inspection>((engine) => engine.inspect())
    },
    on,
    async close() {
      isClosed = true
      await Promise.allSettled([...handles.values()].map(({ upload }) => upload.cancel()))
      host.close()
      // The last word of the engine may still have been on its way.
      for (const handle of handles.values()) handle.cancel()
      handles.clear()
      requests.clear()
    },
  }
}
