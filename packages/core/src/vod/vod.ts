import { isServiceError, UploadError } from '@sluice/worker/protocol'
import { createUploader } from '../create-uploader.ts'
import type { Uploader } from '../create-uploader.ts'
import type { GetCredentialsContext } from '../options.ts'
import type { Upload } from '../upload.ts'
import { encodeAuth, isAuth, readAddress, toAnswer } from './authorization.ts'
import { createUploadInfo } from './upload-info.ts'
import type { UploadInfo } from './upload-info.ts'
import { partSizeFor, toUploaderOptions } from './vod-options.ts'
import type { VodCallbacks, VodOptions } from './vod-options.ts'

/** Where the list stands. */
export type InstanceState = 'Init' | 'Start' | 'Stop' | 'Failure' | 'Expire' | 'End'

/** Waits for the application's word: it was asked by `onUploadstarted` or `onUploadTokenExpired`. */
interface Question {
  readonly reason: GetCredentialsContext['reason']
  readonly answer: (answer: unknown) => void
}

/** A file of the list, and its upload once it has begun. */
interface Entry {
  readonly info: UploadInfo
  upload: Upload | undefined
  question: Question | undefined
  /** The address that goes with its credentials. */
  address: string | undefined
}

/**
 * `AliyunUpload.Vod` with the engine of Sluice: the same options, methods, callbacks and states. Files are uploaded one
 * after the other. What differs on purpose is listed in `docs/migrating.md`.
 */
export class Vod {
  readonly #options: VodOptions
  readonly #uploader: Uploader
  #entries: Entry[] = []
  #running: Entry | undefined
  #state: InstanceState = 'Init'

  constructor(options: VodOptions = {}) {
    this.#options = options
    this.#uploader = createUploader({
      ...toUploaderOptions(options),
      getCredentials: (context) => this.#ask(context),
    })
  }

  /**
   * Puts a file on the list.
   *
   * @param userData JSON such as `{"Vod":{"Title":"…"}}`
   * @returns false when there is no file, it is empty, or on the list already
   */
  addFile(
    file: File,
    endpoint?: string | null,
    bucket?: string | null,
    object?: string | null,
    userData?: string | null,
  ): boolean {
    if (!(file instanceof File) || this.#entries.some(({ info }) => info.file === file)) return false
    const target = {
      endpoint: endpoint ?? undefined,
      bucket: bucket ?? undefined,
      object: object ?? undefined,
    }
    const region = this.#options.region ?? 'cn-shanghai'
    const info = createUploadInfo(file, target, userData ?? undefined, region)
    if (file.size === 0) {
      info.state = 'Failure'
      this.#tell((on) => on.onUploadFailed?.(info, 'EmptyFile', 'The file is empty.'))
      return false
    }
    this.#entries.push({ info, upload: undefined, question: undefined, address: undefined })
    this.#tell((on) => on.addFileSuccess?.(info))
    return true
  }

  /** Cancels a file and takes it off the list; those behind it move up. */
  deleteFile(index: number): boolean {
    if (!this.cancelFile(index)) return false
    this.#entries.splice(index, 1)
    return true
  }

  /** Stops what runs and empties the list. */
  cleanList(): void {
    this.stopUpload()
    this.#entries = []
  }

  /** Cancels a file: what it left on the server is removed. The next file goes on. */
  cancelFile(index: number): boolean {
    const entry = this.#entries[index]
    if (entry === undefined) return false
    if (entry.info.state === 'Success' || entry.info.state === 'Canceled') return true
    entry.info.state = 'Canceled'
    entry.question = undefined
    // That something may be left is said by the promise; the list goes on either way.
    entry.upload?.cancel().catch(() => undefined)
    entry.upload = undefined
    if (this.#running === entry) {
      this.#tell((on) => on.onUploadCanceled?.(entry.info))
      this.#next()
    }
    return true
  }

  /** Makes a canceled file ready again, without starting it. */
  resumeFile(index: number): boolean {
    const info = this.#entries[index]?.info
    if (info?.state !== 'Canceled') return false
    info.state = 'Ready'
    return true
  }

  /** The files of the list, in order. */
  listFiles(): readonly UploadInfo[] {
    return this.#entries.map(({ info }) => info)
  }

  /** Begins with the first file that is ready; those that failed or were stopped are made ready before. */
  startUpload(): void {
    if (this.#running !== undefined) return
    for (const { info } of this.#entries)
      if (info.state === 'Failure' || info.state === 'Stoped') info.state = 'Ready'
    this.#state = this.#entries.some(({ info }) => info.state === 'Ready') ? 'Start' : 'End'
    if (this.#state === 'Start') this.#next()
  }

  /** Stops the running file; `startUpload()` goes on with it. */
  stopUpload(): void {
    const entry = this.#running
    if (entry === undefined) return
    this.#running = undefined
    this.#state = 'Stop'
    entry.info.state = 'Stoped'
    // The answer to it would come too late; it is asked again.
    entry.question = undefined
    entry.upload?.pause()
    this.#tell((on) => on.onUploadCanceled?.(entry.info))
  }

  /**
   * Gives the credentials that `onUploadstarted` asked for.
   *
   * @param uploadAuth and `uploadAddress` as CreateUploadVideo, RefreshUploadVideo or CreateUploadImage answered them
   * @returns false when they cannot be decoded, or nothing had asked for them
   */
  setUploadAuthAndAddress(
    uploadInfo: UploadInfo,
    uploadAuth: string,
    uploadAddress: string,
    videoId?: string,
  ): boolean {
    const entry = this.#entryOf(uploadInfo)
    const address = readAddress(uploadAddress)
    if (entry?.question === undefined || address === undefined || !isAuth(uploadAuth)) return false
    const { info } = entry
    info.videoId = videoId ?? info.videoId
    info.endpoint = address.Endpoint
    info.bucket = address.Bucket
    info.object = address.FileName
    return this.#answer(entry, uploadAuth, uploadAddress)
  }

  /** Gives the credentials that `onUploadTokenExpired` asked for. */
  resumeUploadWithAuth(uploadAuth: string): boolean {
    const entry = this.#running
    if (entry?.address === undefined || entry.question?.reason !== 'refresh' || !isAuth(uploadAuth))
      return false
    return this.#answer(entry, uploadAuth, entry.address)
  }

  /** The same with plain values. `expireTime` is in seconds from now, or an ISO date. */
  resumeUploadWithToken(
    accessKeyId: string,
    accessKeySecret: string,
    securityToken: string,
    expireTime?: string | number,
  ): boolean {
    const region = this.#running?.info.region
    return this.resumeUploadWithAuth(
      encodeAuth(accessKeyId, accessKeySecret, securityToken, expireTime, region),
    )
  }

  /** Where the list stands. */
  get state(): InstanceState {
    return this.#state
  }

  #entryOf(uploadInfo: UploadInfo): Entry | undefined {
    return this.#entries.find(({ info }) => info === uploadInfo)
  }

  /** The engine asks; the application answers by a method, whenever it likes. */
  #ask({ reason, file, mediaId, signal }: GetCredentialsContext): Promise<unknown> {
    const entry = this.#entries.find(({ info }) => info.file === file)
    if (entry === undefined) return Promise.reject(new Error('The file is not on the list any more'))
    return new Promise((resolve, reject) => {
      entry.question = { reason, answer: resolve }
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      if (mediaId !== undefined) entry.info.videoId = mediaId
      if (reason === 'refresh') {
        this.#state = 'Expire'
        this.#tell((on) => on.onUploadTokenExpired?.(entry.info))
      } else {
        this.#tell((on) => on.onUploadstarted?.(entry.info))
      }
    })
  }

  #answer(entry: Entry, auth: string, address: string): boolean {
    const { question } = entry
    if (question === undefined) return false
    entry.question = undefined
    entry.address = address
    entry.info.state = 'Uploading'
    this.#state = 'Start'
    question.answer({ ...toAnswer(entry.info, auth, address), cname: this.#options.cname === true })
    return true
  }

  #next(): void {
    this.#running = this.#entries.find(({ info }) => info.state === 'Ready')
    if (this.#running !== undefined) return this.#run(this.#running)
    this.#state = 'End'
    this.#tell((on) => on.onUploadEnd?.())
  }

  #run(entry: Entry): void {
    const { info } = entry
    if (entry.upload !== undefined) {
      // Stopped before there were credentials: they are asked for now.
      if (entry.address !== undefined) info.state = 'Uploading'
      return entry.upload.resume()
    }
    const partSizeBytes = partSizeFor(this.#options, info.file.size)
    const upload = this.#uploader.upload(info.file, partSizeBytes === undefined ? {} : { partSizeBytes })
    entry.upload = upload
    upload.on('progress', ({ sentBytes, totalBytes }) => {
      if (info.state !== 'Uploading' || sentBytes === 0) return
      info.loaded = sentBytes / totalBytes
      this.#tell((on) => on.onUploadProgress?.(info, totalBytes, info.loaded))
    })
    upload.result.then(
      ({ mediaId, bucket, key }) => {
        info.videoId = mediaId
        info.bucket = bucket
        info.object = key
        this.#end(entry, upload, 'Success', () => this.#tell((on) => on.onUploadSucceed?.(info)))
      },
      (error: unknown) => {
        this.#end(entry, upload, 'Failure', () =>
          this.#tell((on) => on.onUploadFailed?.(info, codeOf(error), wordsOf(error))),
        )
      },
    )
  }

  #end(entry: Entry, upload: Upload, state: 'Success' | 'Failure', tell: () => void): void {
    // Canceled meanwhile: that has been told already.
    if (entry.upload !== upload) return
    entry.upload = undefined
    entry.info.state = state
    tell()
    if (this.#running === entry) this.#next()
  }

  /** What an application's callback throws is its own affair. */
  #tell(call: (callbacks: VodCallbacks) => unknown): void {
    try {
      call(this.#options)
    } catch (error) {
      reportError(error)
    }
  }
}

/** OSS's own code where it refused, else that of the error. */
function codeOf(error: unknown): string {
  if (isServiceError(error)) return error.serviceCode === '' ? String(error.status) : error.serviceCode
  return error instanceof UploadError ? error.code : 'UNEXPECTED'
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
