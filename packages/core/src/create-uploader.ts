import { isEnded, toUploadError, unsettle, UploadError } from '@sluice/worker/protocol'
import type { EngineEvent, LocalId, PageApi, ResumableUpload, Settled } from '@sluice/worker/protocol'
import { checkFile, isFileHandle, openHandle } from './check-file.ts'
import type { UploadSource } from './check-file.ts'
import { createEmitter } from './emitter.ts'
import type { Listener, ListenOptions, Unsubscribe } from './emitter.ts'
import { openEngineLink } from './engine-link.ts'
import type { EngineLink } from './engine-link.ts'
import { readContentType, readOptions, readPartSize } from './options.ts'
import type { UploaderOptions, UploadOptions } from './options.ts'
import { createPageCredentials } from './page-credentials.ts'
import { toStorageWarning } from './uploader-events.ts'
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
  const pageCredentials = createPageCredentials(settings.page)
  const { on, emit } = createEmitter<UploaderEvents>()
  const handles = new Map<LocalId, UploadHandle>()
  /** Files of handles, once they are open. */
  const files = new Map<LocalId, Blob>()
  let openedLink: EngineLink | undefined
  let isClosed = false
  let lastId = 0

  const forget = (localId: LocalId): void => {
    handles.delete(localId)
    files.delete(localId)
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
      case 'restart':
        handles.get(event.localId)?.restart(event.reason)
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
    // The next upload starts a new engine.
    openedLink = undefined
    const lost = [...handles]
    for (const [localId, handle] of lost) {
      forget(localId)
      handle.fail(error)
    }
  }

  const credentials: Pick<PageApi, 'getCredentials' | 'abortCredentials'> = {
    async getCredentials(request) {
      const handle = handles.get(request.localId)
      const file = files.get(request.localId)
      if (handle === undefined || file === undefined) throw new Error(`No upload ${request.localId}`)
      return pageCredentials.get(request, file, handle.upload.name)
    },
    abortCredentials: (localId) => pageCredentials.abort(localId),
  }

  const openLink = (): EngineLink => {
    if (isClosed) throw new UploadError('CLOSED', 'The uploader is closed: create a new one.')
    openedLink ??= openEngineLink({ ...settings, credentials, onEvent, onLost })
    return openedLink
  }

  return {
    upload(source, uploadOptions = {}) {
      const link = openLink()
      checkFile(source)
      const { signal } = uploadOptions
      const partSizeBytes = readPartSize(uploadOptions.partSizeBytes)
      const forcedType = uploadOptions.contentType && readContentType(uploadOptions.contentType)
      signal?.throwIfAborted()
      lastId += 1
      const localId = `upload-${lastId}`
      const name =
        uploadOptions.name ?? ('name' in source && typeof source.name === 'string' ? source.name : 'blob')

      const handle = createUploadHandle(
        { localId, file: source, name, ...(signal === undefined ? {} : { signal }) },
        {
          pause: () => void added.then(() => tell((engine) => engine.pause(localId))),
          resume: () => void added.then(() => tell((engine) => engine.resume(localId))),
          cancel: async () => {
            if (!handles.has(localId)) return
            if (!files.has(localId)) {
              // The engine has not heard of it: its file is still being opened.
              forget(localId)
              return handle.cancel()
            }
            unsettle(await link.call<Settled<void>>((engine) => engine.cancel(localId)))
          },
        },
      )
      handles.set(localId, handle)

      // A lost engine ends the upload by itself, so a command that finds it lost has nothing to add.
      const tell = (command: Parameters<typeof link.call<void>>[0]): void =>
        void link.call(command).catch(() => undefined)
      const fail = (error: unknown): void => {
        forget(localId)
        handle.fail(toUploadError(error))
      }
      const add = (file: Blob, fileHandle?: FileSystemFileHandle): void => {
        if (!handles.has(localId)) return
        files.set(localId, file)
        const contentType = forcedType ?? readContentType(file.type)
        const request = { localId, file, name, partSizeBytes, contentType, handle: fileHandle }
        link.call<void>((engine) => engine.add(request)).catch(fail)
      }
      const added: Promise<void> = isFileHandle(source)
        ? openHandle(source)
            .then((file) => add(file, source))
            .catch(fail)
        : Promise.resolve(add(source))
      return handle.upload
    },
    async resumable() {
      const link = openLink()
      return unsettle(await link.call<Settled<readonly ResumableUpload[]>>((engine) => engine.resumable()))
    },
    on,
    async close() {
      isClosed = true
      await Promise.allSettled([...handles.values()].map(({ upload }) => upload.cancel()))
      openedLink?.close()
      // The last word of the engine may still have been on its way.
      for (const handle of handles.values()) handle.cancel()
      handles.clear()
      files.clear()
      openedLink = undefined
    },
  }
}
