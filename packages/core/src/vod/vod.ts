import type { ResumableUpload } from '@sluice/worker/protocol'
import { createUploader } from '../create-uploader.ts'
import type { Uploader } from '../create-uploader.ts'
import { directPlaceOf, encodeAuth, isAuth, placeOf, readAddress, toToken } from './authorization.ts'
import { toCheckpoint } from './checkpoint.ts'
import type { VodCheckpoint } from './checkpoint.ts'
import { CredentialDesk } from './credential-desk.ts'
import { createHmacSha1 } from './rpc-signature.ts'
import { createTell } from './tell.ts'
import type { Tell } from './tell.ts'
import { createName, createUploadInfo } from './upload-info.ts'
import type { UploadInfo } from './upload-info.ts'
import { UploadList } from './upload-list.ts'
import type { InstanceState } from './upload-list.ts'
import { toUploaderOptions } from './vod-options.ts'
import type { VodOptions } from './vod-options.ts'

/**
 * `AliyunUpload.Vod` with the engine of Sluice: the same options, methods, callbacks and states. Files are uploaded one
 * after the other. What differs on purpose is listed in `docs/migrating.md`.
 */
export class Vod {
  readonly #options: VodOptions
  readonly #tell: Tell
  readonly #open: () => Uploader
  readonly #list: UploadList
  readonly #desk: CredentialDesk
  /** What is kept, while it is being read. */
  #resumable: Promise<readonly ResumableUpload[]> | undefined

  constructor(options: VodOptions = {}) {
    this.#options = options
    this.#tell = createTell(options)
    this.#desk = new CredentialDesk(options, this.#tell, {
      fetch: (url, init) => fetch(url, init),
      hmacSha1: createHmacSha1(globalThis.crypto?.subtle),
      now: () => new Date(),
      createNonce: createName,
    })
    this.#open = () =>
      createUploader({
        ...toUploaderOptions(options),
        getCredentials: (context) => {
          const entry = this.#list.running
          if (entry?.info.file === context.file) return this.#desk.ask(entry, context)
          return Promise.reject(new Error('the file is not being uploaded any more.'))
        },
      })
    this.#list = new UploadList(options, this.#open, this.#tell)
  }

  /**
   * Keeps credentials of STS, which are used where no callback is there to give others: for the place that was given to
   * `addFile()`, or else to ask VOD for a place.
   *
   * @param expireTime in seconds from now, or an ISO date
   * @returns false when only one of a pair (key id and secret, token and end) is given
   */
  init(
    accessKeyId?: string,
    accessKeySecret?: string,
    securityToken?: string,
    expireTime?: string | number,
  ): boolean {
    if (!accessKeyId !== !accessKeySecret || !securityToken !== !expireTime) return false
    this.#desk.setOwnToken(toToken(accessKeyId, accessKeySecret, securityToken, expireTime))
    return true
  }

  /**
   * Puts a file on the list.
   *
   * @param endpoint with `bucket` and `object` where it goes, for `setSTSTokenDirectlyUpload()`; each of them goes before
   *   what the upload address says
   * @param userData JSON such as `{"Vod":{"Title":"…"}}`; its fields are the parameters of the OpenAPI for `setSTSToken()`
   * @returns false when there is no file, it is empty, or on the list already
   * @throws {SyntaxError} when `userData` is no JSON
   */
  addFile(
    file: File | null | undefined,
    endpoint?: string | null,
    bucket?: string | null,
    object?: string | null,
    userData?: string | null,
  ): boolean {
    if (!(file instanceof File) || this.#list.entries.some(({ info }) => info.file === file)) return false
    const target = {
      endpoint: endpoint || undefined,
      bucket: bucket || undefined,
      object: object || undefined,
    }
    const region = this.#options.region || 'cn-shanghai'
    const info = createUploadInfo(file, target, userData ?? undefined, region)
    if (file.size === 0) {
      info.state = 'Failure'
      this.#tell((on) => on.onUploadFailed?.(info, 'EmptyFile', 'The file is empty.'))
      return false
    }
    this.#list.add(info)
    this.#tell((on) => on.addFileSuccess?.(info))
    return true
  }

  /** Cancels a file and takes it off the list; those behind it move up. */
  deleteFile(index: number): boolean {
    const entry = this.#list.entries[index]
    if (entry !== undefined) this.#list.remove(entry)
    return entry !== undefined
  }

  /** Cancels what is not ended, and empties the list. What was begun of it is removed from the server. */
  cleanList(): void {
    this.#list.clear()
  }

  /** Cancels a file: what it left on the server is removed. The next file goes on. */
  cancelFile(index: number): boolean {
    const entry = this.#list.entries[index]
    if (entry !== undefined) this.#list.cancel(entry)
    return entry !== undefined
  }

  /**
   * Pauses one file, which keeps its place and what was sent of it; the list goes on with the next. It waits for
   * `resumeFile()`, whatever `stopUpload()` and `startUpload()` do meanwhile.
   *
   * @returns false when there is nothing to pause: it has ended, or is stopped or paused
   */
  pauseFile(index: number): boolean {
    const entry = this.#list.entries[index]
    return entry !== undefined && this.#list.pause(entry)
  }

  /** Makes a canceled file ready again, without starting it. A paused one goes on, after the one that is running. */
  resumeFile(index: number): boolean {
    const entry = this.#list.entries[index]
    return entry !== undefined && this.#list.resume(entry)
  }

  /** The files of the list, in order. */
  listFiles(): readonly UploadInfo[] {
    return this.#list.entries.map(({ info }) => info)
  }

  /**
   * What is kept of a file that is not wholly uploaded, also by earlier pages; empty when nothing is. It is recognised by
   * name and size; when it is uploaded, its time and samples of its content have to be the same too.
   *
   * @throws {UploadError} `WORKER_FAILED`
   */
  async getCheckpoint(file: File): Promise<VodCheckpoint | ''> {
    this.#resumable ??= this.#readResumable().finally(() => (this.#resumable = undefined))
    const stored = await this.#resumable
    return toCheckpoint(file, this.#list.begun(), stored)
  }

  /** Begins with the first file that is ready; those that failed or were stopped are made ready before. */
  startUpload(): void {
    this.#list.start()
  }

  /** Stops the running file; `startUpload()` goes on with it. */
  stopUpload(): void {
    this.#list.stop()
  }

  /**
   * Gives the credentials that `onUploadstarted` asked for, or for media without a refresh `onUploadTokenExpired`.
   *
   * @param uploadAuth and `uploadAddress` as CreateUploadVideo, RefreshUploadVideo or CreateUploadImage answered them
   * @param videoId `VideoId`, `ImageId` or `MediaId` of the same answer
   * @returns false when they cannot be decoded, or nothing had asked for them
   */
  setUploadAuthAndAddress(
    uploadInfo: UploadInfo,
    uploadAuth: string,
    uploadAddress: string,
    videoId?: string,
  ): boolean {
    const entry = this.#list.entryOf(uploadInfo)
    const address = readAddress(uploadAddress)
    if (entry?.question === undefined || address === undefined || !isAuth(uploadAuth)) return false
    entry.info.videoId = videoId || entry.info.videoId
    return this.#desk.answer(entry, uploadAuth, { place: placeOf(entry.info, address), isDirect: false })
  }

  /**
   * Asks VOD for a place, or for the refresh of `uploadInfo.videoId`, with credentials of STS that may call its OpenAPI,
   * and uploads there. What the OpenAPI refuses is told by `onUploadFailed`, a token that has ended by
   * `onUploadTokenExpired`.
   *
   * @returns false when something is missing, or nothing had asked for it
   */
  setSTSToken(
    uploadInfo: UploadInfo,
    accessKeyId: string,
    accessKeySecret: string,
    securityToken: string,
  ): boolean {
    const entry = this.#list.entryOf(uploadInfo)
    const token = toToken(accessKeyId, accessKeySecret, securityToken)
    return entry !== undefined && token !== undefined && this.#desk.askVod(entry, token)
  }

  /**
   * Uploads to the bucket and object that were given to `addFile()`, without VOD.
   *
   * @param expiration in seconds from now, or an ISO date
   * @returns false when something is missing, or nothing had asked for it
   */
  setSTSTokenDirectlyUpload(
    uploadInfo: UploadInfo,
    accessKeyId: string,
    accessKeySecret: string,
    securityToken: string,
    expiration: string | number,
  ): boolean {
    const entry = this.#list.entryOf(uploadInfo)
    const token = toToken(accessKeyId, accessKeySecret, securityToken, expiration)
    const place = directPlaceOf(uploadInfo)
    if (entry === undefined || token?.expireTime === undefined || place === undefined) return false
    return this.#desk.answer(entry, encodeAuth(token, entry.info.region), { place, isDirect: true })
  }

  /** Gives the credentials that `onUploadTokenExpired` asked for. */
  resumeUploadWithAuth(uploadAuth: string): boolean {
    const entry = this.#list.running
    if (entry?.grant === undefined || entry.question?.reason !== 'refresh' || !isAuth(uploadAuth))
      return false
    return this.#desk.answer(entry, uploadAuth, entry.grant)
  }

  /** The same with plain values. `expireTime` is in seconds from now, or an ISO date. */
  resumeUploadWithToken(
    accessKeyId: string,
    accessKeySecret: string,
    securityToken: string,
    expireTime?: string | number,
  ): boolean {
    const token = toToken(accessKeyId, accessKeySecret, securityToken, expireTime)
    const region = this.#list.running?.info.region
    return token !== undefined && region !== undefined && this.resumeUploadWithAuth(encodeAuth(token, region))
  }

  /** The same for files that `setSTSToken()` or `setSTSTokenDirectlyUpload()` had begun. */
  resumeUploadWithSTSToken(
    accessKeyId: string,
    accessKeySecret: string,
    securityToken: string,
    expireTime?: string | number,
  ): boolean {
    const entry = this.#list.running
    const token = toToken(accessKeyId, accessKeySecret, securityToken, expireTime)
    if (entry === undefined || token === undefined) return false
    if (entry.grant?.isDirect === true)
      return this.#desk.answer(entry, encodeAuth(token, entry.info.region), entry.grant)
    return this.#desk.askVod(entry, token)
  }

  async #readResumable(): Promise<readonly ResumableUpload[]> {
    const uploader = this.#open()
    try {
      return await uploader.resumable()
    } finally {
      await uploader.close()
    }
  }

  /** Where the list stands. */
  get state(): InstanceState {
    return this.#list.state
  }
}
