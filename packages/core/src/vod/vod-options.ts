import { MAX_PART_SIZE_BYTES, MIN_PART_SIZE_BYTES } from '@sluice/worker/protocol'
import type { UploaderSettings } from '../options.ts'
import type { UploadInfo } from './upload-info.ts'

/** What callbacks get of the incumbent's second argument. */
export interface VodEvent {
  /** What happened, as a name of the incumbent. */
  readonly name: string
  /** What happened, as a code of the incumbent. */
  readonly code: string
  /** What happened, for people. */
  readonly message: string
}

/** Callbacks of {@link VodOptions}. What they throw is reported to the console, and stops nothing. */
export interface VodCallbacks {
  /**
   * A file was added.
   *
   * @defaultValue not called
   */
  readonly addFileSuccess?: (uploadInfo: UploadInfo) => unknown
  /**
   * Credentials are needed: call `setUploadAuthAndAddress()` with those of CreateUploadVideo, or of RefreshUploadVideo if
   * `uploadInfo.videoId` is set, or of CreateUploadImage if `uploadInfo.isImage` is; or `setSTSToken()`, which asks VOD for
   * them; or `setSTSTokenDirectlyUpload()`. If it throws or rejects, the file fails.
   *
   * @defaultValue not called
   */
  readonly onUploadstarted?: (uploadInfo: UploadInfo) => unknown
  /**
   * It is uploaded: `uploadInfo.videoId` tells its media, `bucket` and `object` where it is.
   *
   * @defaultValue not called
   */
  readonly onUploadSucceed?: (uploadInfo: UploadInfo) => unknown
  /**
   * `code` is that of the service that refused (OSS, the VOD OpenAPI), or of `UploadError`.
   *
   * @defaultValue not called
   */
  readonly onUploadFailed?: (uploadInfo: UploadInfo, code: string, message: string) => unknown
  /**
   * `loadedPercent` is from 0 to 1.
   *
   * @defaultValue not called
   */
  readonly onUploadProgress?: (uploadInfo: UploadInfo, totalSize: number, loadedPercent: number) => unknown
  /**
   * The same in bytes, as VOD's SDKs for phones tell it. At most ten times a second.
   *
   * @defaultValue not called
   */
  readonly onUploadProgressBytes?: (
    uploadInfo: UploadInfo,
    uploadedBytes: number,
    totalBytes: number,
  ) => unknown
  /**
   * A request failed and is sent again, as VOD's SDKs for phones tell it; `code` as for `onUploadFailed`.
   *
   * @defaultValue not called
   */
  readonly onUploadRetry?: (code: string, message: string, uploadInfo: UploadInfo) => unknown
  /**
   * All that had failed has come through.
   *
   * @defaultValue not called
   */
  readonly onUploadRetryResume?: (uploadInfo: UploadInfo) => unknown
  /**
   * Newer credentials are needed: call one of the methods `resumeUploadWith…()`. Sending goes on meanwhile if the old ones
   * still hold. An image has no refresh: call CreateUploadImage and `setUploadAuthAndAddress()`; it begins anew.
   *
   * @defaultValue not called
   */
  readonly onUploadTokenExpired?: (uploadInfo: UploadInfo, event: VodEvent) => unknown
  /**
   * It was canceled, or stopped.
   *
   * @defaultValue not called
   */
  readonly onUploadCanceled?: (uploadInfo: UploadInfo, event: VodEvent) => unknown
  /**
   * No file of the list is left to upload, whether the last one succeeded or not; a paused one is left.
   *
   * @defaultValue not called
   */
  readonly onUploadEnd?: (uploadInfo: undefined) => unknown
}

/** The event of `onUploadCanceled`. */
export const CANCELED: VodEvent = {
  name: 'cancel',
  code: 'cancel',
  message: 'The file was canceled, or stopped.',
}

/** The event of `onUploadTokenExpired`. */
export const EXPIRED: VodEvent = {
  name: 'SecurityTokenExpiredError',
  code: 'SecurityTokenExpired',
  message: 'The credentials end soon, or have ended.',
}

/** Options of `AliyunUpload.Vod`. */
export interface VodOptions extends VodCallbacks, Pick<UploaderSettings, 'workerUrl' | 'createWorker'> {
  /**
   * Taken, but of no use: it was for reports to Alibaba Cloud, which are not sent.
   *
   * @defaultValue none
   */
  readonly userId?: string | number
  /**
   * Region of VOD, also when it is empty the default; `Region` of the credentials goes before it.
   *
   * @defaultValue 'cn-shanghai'
   */
  readonly region?: string
  /**
   * URL of the VOD OpenAPI, which `setSTSToken()` calls; it must allow the page's origin.
   *
   * @defaultValue `https://vod.<region>.aliyuncs.com/`
   */
  readonly vodEndpoint?: string
  /**
   * Part size. Where it would take more than 10,000 parts, a larger one is chosen.
   *
   * @unit bytes
   * @range 102400 to 5368709120; what is beyond is taken to the limit
   * @defaultValue 1048576
   */
  readonly partSize?: number
  /**
   * Parts in flight at a time.
   *
   * @unit parts
   * @range 1 to 100; what is beyond is taken to the limit
   * @defaultValue 5
   */
  readonly parallel?: number
  /**
   * Further attempts of a part that failed.
   *
   * @unit attempts
   * @range 0 to 99; what is beyond is taken to the limit
   * @defaultValue 3
   */
  readonly retryCount?: number
  /**
   * Taken, but of no use: waits between attempts grow and are random.
   *
   * @unit seconds
   * @range any
   * @defaultValue none
   */
  readonly retryDuration?: number
  /**
   * Longest time that a part may make no progress.
   *
   * @unit milliseconds
   * @range 1000 to 2147483647; what is beyond is taken to the limit
   * @defaultValue 60000
   */
  readonly timeout?: number
  /**
   * Takes the endpoint's host as it is: a domain that is bound to the bucket.
   *
   * @defaultValue false
   */
  readonly cname?: boolean
  /**
   * Taken, but of no use: resume points are always local.
   *
   * @defaultValue true, in effect
   */
  readonly localCheckpoint?: boolean
  /**
   * Taken, but of no use: nothing is reported to Alibaba Cloud.
   *
   * @defaultValue false, in effect
   */
  readonly enableUploadProgress?: boolean
}

/** What the options are for `createUploader`. Numbers out of range are taken to their limits, as they never were an error. */
export function toUploaderOptions(options: VodOptions): UploaderSettings {
  return {
    parallelFiles: 1,
    parallelParts: clamp(options.parallel ?? 5, 1, 100),
    maxAttempts: clamp(options.retryCount ?? 3, 0, 99) + 1,
    ...(options.timeout === undefined ? {} : { stallTimeoutMs: clamp(options.timeout, 1000, MAX_WAIT_MS) }),
    // People answer at their leisure; the incumbent waits for ever.
    credentialsTimeoutMs: MAX_WAIT_MS,
    ...(options.workerUrl === undefined ? {} : { workerUrl: options.workerUrl }),
    ...(options.createWorker === undefined ? {} : { createWorker: options.createWorker }),
  }
}

/** Part size for a file; undefined where it would take more than 10,000 parts. */
export function partSizeFor(options: VodOptions, fileSizeBytes: number): number | undefined {
  const size = clamp(options.partSize ?? 1_048_576, MIN_PART_SIZE_BYTES, MAX_PART_SIZE_BYTES)
  return Math.ceil(fileSizeBytes / size) > 10_000 ? undefined : size
}

/** Timers of browsers hold 32 bits. (HTML Standard, "timers") */
const MAX_WAIT_MS = 2 ** 31 - 1

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value) || least))
}
