import { isServiceError, isUploadError } from '@sluice/worker/protocol'
import type { Uploader } from '../create-uploader.ts'
import { asksForNewer } from './entry.ts'
import type { Entry } from './entry.ts'
import type { Tell } from './tell.ts'
import { mediaKind } from './upload-info.ts'
import type { UploadInfo } from './upload-info.ts'
import { CANCELED, partSizeFor } from './vod-options.ts'
import type { VodOptions } from './vod-options.ts'

/** Where the list stands. */
export type InstanceState = 'Init' | 'Start' | 'Stop' | 'Failure' | 'Expire' | 'End'

/** The files of a `Vod`, of which one is uploaded at a time. */
export class UploadList {
  readonly #options: VodOptions
  readonly #open: () => Uploader
  readonly #tell: Tell
  #uploader: Uploader
  #entries: readonly Entry[] = []
  #running: Entry | undefined
  #phase: 'Init' | 'Start' | 'Stop' | 'End' = 'Init'

  /** @param open makes an uploader, which has workers from its first upload on */
  constructor(options: VodOptions, open: () => Uploader, tell: Tell) {
    this.#options = options
    this.#open = open
    this.#tell = tell
    this.#uploader = open()
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** The one that is being uploaded, or waits for credentials. */
  get running(): Entry | undefined {
    return this.#running
  }

  get state(): InstanceState {
    const question = this.#phase === 'Start' ? this.#running?.question : undefined
    return question !== undefined && asksForNewer(question) ? 'Expire' : this.#phase
  }

  /** Files whose uploads have begun and not ended. What is stored of them is told to nobody else meanwhile. */
  begun(): readonly UploadInfo[] {
    return this.#entries.filter(({ upload }) => upload !== undefined).map(({ info }) => info)
  }

  entryOf(uploadInfo: UploadInfo): Entry | undefined {
    return this.#entries.find(({ info }) => info === uploadInfo)
  }

  add(info: UploadInfo): void {
    const entry = { info, upload: undefined, question: undefined, grant: undefined, refusal: undefined }
    this.#entries = [...this.#entries, entry]
  }

  remove(entry: Entry): void {
    this.cancel(entry)
    this.#entries = this.#entries.filter((other) => other !== entry)
  }

  clear(): void {
    this.stop()
    this.#entries = []
    this.#endWorkers()
  }

  cancel(entry: Entry): void {
    if (entry.info.state === 'Success' || entry.info.state === 'Canceled') return
    // As in AliyunUpload.Vod: a file that waits is canceled without a word.
    const isTold = this.#running === entry || entry.info.state === 'Paused'
    entry.info.state = 'Canceled'
    entry.question = undefined
    // That something may be left is said by the promise; the list goes on either way.
    entry.upload?.cancel().catch(() => undefined)
    entry.upload = undefined
    if (isTold) this.#tell((on) => on.onUploadCanceled?.(entry.info, CANCELED))
    this.#leave(entry)
  }

  pause(entry: Entry): boolean {
    if (entry.info.state !== 'Ready' && entry.info.state !== 'Uploading') return false
    entry.info.state = 'Paused'
    this.#halt(entry)
    this.#leave(entry)
    return true
  }

  resume({ info }: Entry): boolean {
    if (info.state !== 'Canceled' && info.state !== 'Paused') return false
    const isToGoOn = info.state === 'Paused'
    info.state = 'Ready'
    if (isToGoOn) this.#advance()
    return true
  }

  start(): void {
    if (this.#running !== undefined) return
    for (const { info } of this.#entries)
      if (info.state === 'Failure' || info.state === 'Stoped') info.state = 'Ready'
    const isAnyLeft = this.#entries.some(({ info }) => info.state === 'Ready' || info.state === 'Paused')
    this.#phase = isAnyLeft ? 'Start' : 'End'
    this.#advance()
  }

  stop(): void {
    if (this.#phase === 'Start') this.#phase = 'Stop'
    const entry = this.#running
    if (entry === undefined) return
    this.#running = undefined
    entry.info.state = 'Stoped'
    this.#halt(entry)
    this.#tell((on) => on.onUploadCanceled?.(entry.info, CANCELED))
  }

  #halt(entry: Entry): void {
    // The answer to it would come too late; it is asked again.
    entry.question = undefined
    entry.upload?.pause()
  }

  /** A file is not to be uploaded now: it is another's turn. */
  #leave(entry: Entry): void {
    if (this.#running === entry) this.#running = undefined
    this.#advance()
    const isAtRest = this.#running === undefined && this.#entries.every(({ upload }) => upload === undefined)
    if (isAtRest) this.#endWorkers()
  }

  /** `AliyunUpload.Vod` has no end of life, and pages make many: workers last as long as there is something to upload. */
  #endWorkers(): void {
    // What is being canceled is waited for; an upload that is not ended is canceled.
    void this.#uploader.close()
    this.#uploader = this.#open()
  }

  /** Begins the first file that is ready, if the list is started and nothing is running. */
  #advance(): void {
    if (this.#phase !== 'Start' || this.#running !== undefined) return
    this.#running = this.#entries.find(({ info }) => info.state === 'Ready')
    if (this.#running !== undefined) return this.#run(this.#running)
    if (this.#entries.some(({ info }) => info.state === 'Paused')) return
    this.#phase = 'End'
    this.#tell((on) => on.onUploadEnd?.(undefined))
  }

  #run(entry: Entry): void {
    const { info } = entry
    if (entry.upload !== undefined) {
      if (entry.grant !== undefined) info.state = 'Uploading'
      return entry.upload.resume()
    }
    const partSizeBytes = partSizeFor(this.#options, info.file.size)
    const upload = this.#uploader.upload(info.file, {
      ...(partSizeBytes === undefined ? {} : { partSizeBytes }),
      // VOD's own way to hear of it.
      ...(info.userData === '' ? {} : { object: { headers: { 'x-oss-notification': info.userData } } }),
    })
    entry.upload = upload
    upload.on('progress', ({ sentBytes, totalBytes }) => {
      if (info.state !== 'Uploading' || sentBytes === 0) return
      info.loaded = sentBytes / totalBytes
      this.#tell((on) => on.onUploadProgress?.(info, totalBytes, info.loaded))
      this.#tell((on) => on.onUploadProgressBytes?.(info, sentBytes, totalBytes))
    })
    upload.on('retry', ({ error }) =>
      this.#tell((on) => on.onUploadRetry?.(codeOf(error), error.message, info)),
    )
    upload.on('retry-resume', () => this.#tell((on) => on.onUploadRetryResume?.(info)))
    upload.on('statechange', ({ to }) => {
      // Nobody gave newer credentials: the upload keeps what it has, and goes on with the next start.
      const isGivenUp = to.status === 'paused' && to.error !== undefined
      if (isGivenUp && this.#running === entry) this.#fail(entry, to.error)
    })
    upload.result.then(
      ({ mediaId, bucket, key }) => {
        // Canceled meanwhile: that has been told already.
        if (entry.upload !== upload) return
        entry.upload = undefined
        entry.question = undefined
        if (mediaKind(info) === 'video') info.videoId = mediaId
        info.bucket = bucket
        info.object = key
        info.state = 'Success'
        this.#tell((on) => on.onUploadSucceed?.(info))
        this.#leave(entry)
      },
      (error: unknown) => {
        if (entry.upload !== upload) return
        entry.upload = undefined
        this.#fail(entry, error)
      },
    )
  }

  #fail(entry: Entry, error: unknown): void {
    const { info, refusal } = entry
    info.state = 'Failure'
    entry.question = undefined
    const isRefusal = isUploadError(error) && error.code === 'CREDENTIALS_FAILED'
    const { code, message } = (isRefusal ? refusal : undefined) ?? {
      code: codeOf(error),
      message: wordsOf(error),
    }
    this.#tell((on) => on.onUploadFailed?.(info, code, message))
    this.#leave(entry)
  }
}

/** OSS's own code where it refused, else that of the error. */
function codeOf(error: unknown): string {
  if (isServiceError(error)) return error.serviceCode === '' ? String(error.status) : error.serviceCode
  return isUploadError(error) ? error.code : 'UNEXPECTED'
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
