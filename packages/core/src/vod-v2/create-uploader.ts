import { UploadError } from '@sluice/worker/protocol'
import type { UploadProgress } from '@sluice/worker/protocol'
import { createUploader as createSluice } from '../create-uploader.ts'
import type { GetCredentialsContext } from '../authorization-options.ts'
import type { UploaderSettings, UploadOptions as SluiceOptions } from '../options.ts'
import type { Upload } from '../upload.ts'
import { isImageName } from '../vod/upload-info.ts'

/** What `getAuth` is told. */
export type AuthContext = {
  /** The file that was given to `upload()`. */
  readonly file: File
  /** The `meta` of `upload()`; empty where none was given. */
  readonly meta: Readonly<Record<string, unknown>>
  /** Aborted when the answer is not needed any more. */
  readonly signal: AbortSignal
} & (
  | {
      /**
       * `create-video` for CreateUploadVideo; `create-image` for CreateUploadImage, also when the credentials of an image
       * have ended, since VOD has no refresh for it.
       */
      readonly kind: 'create-video' | 'create-image'
      /** None yet. */
      readonly videoId: undefined
    }
  | {
      /** For RefreshUploadVideo, when the credentials end, and when an upload of an earlier page goes on. */
      readonly kind: 'refresh-video'
      /** Which video: of the first answer. */
      readonly videoId: string
    }
)

/** Options of {@link createUploader}: those of Sluice's own `createUploader`, with `getAuth` for `getCredentials`. */
export interface VodUploaderOptions extends UploaderSettings {
  /**
   * Asks the application's server, which calls the operation of the OpenAPI that `kind` stands for, and passes its JSON on:
   * `UploadAuth`, `UploadAddress`, and `VideoId` or `ImageId`. For `refresh-video` it may answer `null` when there is no
   * such video any more: the upload begins anew.
   */
  readonly getAuth: (context: AuthContext) => Promise<unknown>
}

/** Options of `upload()`: those of Sluice's own, and two more. */
export interface UploadOptions extends SluiceOptions {
  /**
   * What the application wants to have in `getAuth`: a title, say. It is not looked at.
   *
   * @defaultValue empty
   */
  readonly meta?: Readonly<Record<string, unknown>>
  /**
   * Called with how far it is, at most every 100 ms.
   *
   * @defaultValue not called
   */
  readonly onProgress?: (progress: UploadProgress) => void
}

/** What was uploaded: images are told from videos by the ending of their names. */
export type UploadResult =
  | {
      /** The `VideoId` of the first answer. */
      readonly videoId: string
      /** None of a video. */
      readonly imageId?: undefined
    }
  | {
      /** None of an image. */
      readonly videoId?: undefined
      /** The `ImageId` of the first answer. */
      readonly imageId: string
    }

/** Uploads to VOD. */
export interface VodUploader {
  /**
   * Uploads a file. Several may be uploaded at a time.
   *
   * Where `getAuth` fails for a refresh, what was sent is kept: the same file, uploaded again, goes on.
   *
   * @throws {UploadError} what Sluice's own `upload.result` rejects with
   * @throws the reason of `signal` when that was aborted
   */
  readonly upload: (file: File, options?: UploadOptions) => Promise<UploadResult>
  /** Cancels what is not ended, and ends the workers. */
  readonly close: () => Promise<void>
}

/**
 * `createUploader` of VOD's Web SDK 2.0 (`aliyun-vod-upload-sdk`) with the engine of Sluice.
 *
 * It has the shape that VOD's documentation of 2026-07 shows: `createUploader({ getAuth })`, `await upload(file)` for a
 * `videoId`, `context.kind` with `create-video` and `refresh-video`, `context.file`, `context.meta`, `UploadError`. The
 * rest is not documented where it could be read, and is Sluice's own: the kind `create-image`, `imageId`, `context.videoId`
 * and `context.signal`, all further options and their names, `onProgress`, `close`, and the codes of `UploadError`.
 * (https://help.aliyun.com/en/vod/developer-reference/upload-files-using-the-javascript-sdk)
 *
 * @throws {UploadError} `INVALID_OPTION`
 *
 * @example
 * ```ts
 * const uploader = createUploader({ getAuth: (ctx) => fetch(`/api/vod/${ctx.kind}`).then((r) => r.json()) })
 * const { videoId } = await uploader.upload(file)
 * ```
 */
export function createUploader({ getAuth, ...options }: VodUploaderOptions): VodUploader {
  if (typeof getAuth !== 'function')
    throw new UploadError('INVALID_OPTION', `getAuth must be a function, got ${typeof getAuth}`)
  const metas = new WeakMap<Upload['file'], Readonly<Record<string, unknown>>>()
  /** Uploads that got no newer credentials, and keep what they have. */
  const held = new Set<Upload>()

  const getCredentials = async (context: GetCredentialsContext): Promise<unknown> => {
    const { file, signal } = context
    if (!(file instanceof File)) throw new Error('upload() takes a File')
    const kind = kindOf(context)
    const answer = await getAuth({ file, meta: metas.get(file) ?? {}, signal, ...kind })
    if (kind.videoId === undefined && !hasMediaId(answer))
      throw new Error('getAuth must answer with a VideoId or an ImageId, as the OpenAPI does')
    return answer
  }
  const uploader = createSluice({ ...options, getCredentials })

  /** Goes on with the upload that is held of a file, or begins one. */
  const begin = (file: File, uploadOptions: SluiceOptions): Upload => {
    const found = [...held].find((upload) => isSame(upload.file, file))
    if (found === undefined) return uploader.upload(file, uploadOptions)
    held.delete(found)
    found.resume()
    return found
  }

  return {
    async upload(file, { meta = {}, onProgress, signal, ...uploadOptions } = {}) {
      signal?.throwIfAborted()
      const upload = begin(file, uploadOptions)
      metas.set(upload.file, meta)
      const cancel = (): void => void upload.cancel().catch(() => undefined)
      signal?.addEventListener('abort', cancel, { once: true })
      const done = new AbortController()
      if (onProgress !== undefined) upload.on('progress', onProgress, { signal: done.signal })
      try {
        const mediaId = await outcomeOf(upload, done.signal, () => held.add(upload))
        return isImageName(upload.name) ? { imageId: mediaId } : { videoId: mediaId }
      } catch (error) {
        signal?.throwIfAborted()
        throw error
      } finally {
        done.abort()
        signal?.removeEventListener('abort', cancel)
      }
    },
    close: uploader.close,
  }
}

/** The media id of what was uploaded. Who gets no newer credentials is paused, which is a failure to who only waits. */
function outcomeOf(upload: Upload, signal: AbortSignal, onHeld: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    // Each upload has an id: `getCredentials` sees to it.
    upload.result.then(({ mediaId = '' }) => resolve(mediaId), reject)
    upload.on(
      'statechange',
      ({ to }) => {
        if (to.status !== 'paused' || to.error === undefined) return
        onHeld()
        reject(to.error)
      },
      { signal },
    )
  })
}

function kindOf({
  reason,
  mediaId,
  name,
}: GetCredentialsContext):
  | { readonly kind: 'create-video' | 'create-image'; readonly videoId: undefined }
  | { readonly kind: 'refresh-video'; readonly videoId: string } {
  if (isImageName(name)) return { kind: 'create-image', videoId: undefined }
  if (reason === 'create' || mediaId === undefined) return { kind: 'create-video', videoId: undefined }
  return { kind: 'refresh-video', videoId: mediaId }
}

/** The first letters of the names may have any case, as for all credentials. */
function hasMediaId(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false
  return Object.keys(answer).some((name) => /^(video|image)Id$/i.test(name))
}

/** Whether a file is the one of an upload, also when it was picked again. */
function isSame(one: Upload['file'], other: File): boolean {
  return (
    one instanceof File &&
    one.name === other.name &&
    one.size === other.size &&
    one.lastModified === other.lastModified
  )
}
