import { isEnded, unsettle, UploadError } from '@sluice/worker/protocol'
import type { EngineEvent, LocalId, PageApi, Settled } from '@sluice/worker/protocol'
import { checkFile } from './check-file.ts'
import { openEngineLink } from './engine-link.ts'
import type { EngineLink } from './engine-link.ts'
import { readContentType, readOptions, readPartSize } from './options.ts'
import type { UploaderOptions, UploadOptions } from './options.ts'
import { createPageCredentials } from './page-credentials.ts'
import { createUploadHandle } from './upload-handle.ts'
import type { UploadHandle } from './upload-handle.ts'
import type { Upload } from './upload.ts'

/** Uploads files. One for a page is enough: its uploads share workers and connections. */
export interface Uploader {
  /**
   * Hands a file over for upload and returns at once.
   *
   * @param file a `File`, or a `Blob`
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
  readonly upload: (file: Blob, options?: UploadOptions) => Upload
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
 *   getCredentials: async ({ reason, name, signal }) =>
 *     (await fetch(`/api/vod/${reason}`, { method: 'POST', body: JSON.stringify({ name }), signal })).json(),
 * })
 * const { mediaId } = await uploader.upload(file).result
 * ```
 */
export function createUploader(options: UploaderOptions): Uploader {
  const settings = readOptions(options, globalThis.navigator?.hardwareConcurrency ?? 1)
  const pageCredentials = createPageCredentials(settings.page)
  const handles = new Map<LocalId, UploadHandle>()
  let openedLink: EngineLink | undefined
  let isClosed = false
  let lastId = 0

  const onEvent = (event: Exclude<EngineEvent, { readonly type: 'ready' }>): void => {
    if (event.type === 'progress') {
      for (const [localId, progress] of event.uploads) handles.get(localId)?.setProgress(progress)
      return
    }
    handles.get(event.localId)?.setState(event.state, event.progress)
    if (isEnded(event.state)) handles.delete(event.localId)
  }

  const onLost = (error: UploadError): void => {
    // The next upload starts a new engine.
    openedLink = undefined
    const lost = [...handles.values()]
    handles.clear()
    for (const handle of lost) handle.fail(error)
  }

  const credentials: Pick<PageApi, 'getCredentials' | 'abortCredentials'> = {
    async getCredentials(request) {
      const upload = handles.get(request.localId)?.upload
      if (upload === undefined) throw new Error(`No upload ${request.localId}`)
      return pageCredentials.get(request, upload.file, upload.name)
    },
    abortCredentials: (localId) => pageCredentials.abort(localId),
  }

  const openLink = (): EngineLink =>
    (openedLink ??= openEngineLink({
      page: settings.page,
      engine: settings.engine,
      credentials,
      onEvent,
      onLost,
    }))

  return {
    upload(file, uploadOptions = {}) {
      if (isClosed) throw new UploadError('CLOSED', 'The uploader is closed: create a new one.')
      checkFile(file)
      const partSizeBytes = readPartSize(uploadOptions.partSizeBytes)
      uploadOptions.signal?.throwIfAborted()
      lastId += 1
      const localId = `upload-${lastId}`
      const name =
        uploadOptions.name ?? ('name' in file && typeof file.name === 'string' ? file.name : 'blob')
      const contentType = readContentType(uploadOptions.contentType ?? file.type)

      const link = openLink()
      // A lost engine ends the upload by itself, so a command that finds it lost has nothing to add.
      const tell = (command: Parameters<typeof link.call<void>>[0]): void =>
        void link.call(command).catch(() => undefined)
      const { signal } = uploadOptions
      const handle = createUploadHandle(
        { localId, file, name, ...(signal === undefined ? {} : { signal }) },
        {
          pause: () => tell((engine) => engine.pause(localId)),
          resume: () => tell((engine) => engine.resume(localId)),
          cancel: async () => {
            if (!handles.has(localId)) return
            unsettle(await link.call<Settled<void>>((engine) => engine.cancel(localId)))
          },
        },
      )
      handles.set(localId, handle)
      tell((engine) => engine.add({ localId, file, name, partSizeBytes, contentType }))
      return handle.upload
    },
    async close() {
      isClosed = true
      await Promise.allSettled([...handles.values()].map(({ upload }) => upload.cancel()))
      openedLink?.close()
      openedLink = undefined
    },
  }
}
