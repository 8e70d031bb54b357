import type { UploadError } from './errors.ts'

/** What a finished upload is. */
export interface UploadResult {
  /** The `VideoId`, `ImageId` or `MediaId` that came with the credentials; undefined when none came. */
  readonly mediaId: string | undefined
  /** Bucket that holds the object. */
  readonly bucket: string
  /** Name of the object. */
  readonly key: string
  /** Size of the object in bytes. */
  readonly sizeBytes: number
  /**
   * CRC-64/XZ of the file's bytes as they were sent, an unsigned decimal as in `x-oss-hash-crc64ecma`. With `checksum:
   * 'none'` what OSS computed; undefined where the bucket's CORS rule hides that.
   */
  readonly crc64: string | undefined
  /**
   * Whether OSS's own CRC-64 was seen to be right: of the object, or of every part. False only where the service or the
   * bucket's CORS rule hides both, and with `checksum: 'none'`; a difference is never a result, but a `CHECKSUM_MISMATCH`.
   */
  readonly crc64Verified: boolean
  /** The object's ETag without quotes; undefined when the bucket's CORS rule hides it. */
  readonly etag: string | undefined
  /** What became of the callback to the application's server; undefined where there was none. */
  readonly callback: CallbackOutcome | undefined
}

/** What became of a callback. In each case the object is stored. */
export type CallbackOutcome =
  /** `body` is what the application's server answered: the text of JSON. */
  | { readonly status: 'succeeded'; readonly body: string }
  /** The application's server could not be reached, or its answer was none that OSS takes. */
  | { readonly status: 'failed'; readonly message: string; readonly requestId: string; readonly ec: string }
  /** The answer was lost on the way: it may have been called. */
  | { readonly status: 'unknown' }

/**
 * Where an upload stands. A field exists only where it has a meaning.
 *
 * - `queued`: waits for its turn.
 * - `preparing`: reads the first bytes, asks for credentials, opens the upload on the service.
 * - `uploading`: bytes are being sent.
 * - `waiting`: goes on by itself when what it waits for has come: `locked`, for another tab (or another upload of this
 *   page) that uploads the same file; `offline`, for the network; `credentials`, for newer ones, before which no request
 *   can be signed; `backoff`, since all of it has failed and is attempted again in a while. `during` tells what it was
 *   at, and goes on with.
 * - `paused`: `pause()` was called, or credentials could not be refreshed (`error` tells). What was confirmed is kept;
 *   `resume()` goes on, and asks for credentials again.
 * - `completing`: all bytes are confirmed; the service puts the object together. Too late to cancel.
 * - `succeeded`, `failed`, `canceled`: the end; nothing follows.
 */
export type UploadState =
  | { readonly status: 'queued' }
  | { readonly status: 'preparing' }
  | { readonly status: 'uploading' }
  | { readonly status: 'waiting'; readonly reason: 'locked' }
  | { readonly status: 'waiting'; readonly reason: WaitingReason; readonly during: UploadPhase }
  | { readonly status: 'paused'; readonly error: UploadError | undefined }
  | { readonly status: 'completing' }
  | { readonly status: 'succeeded'; readonly result: UploadResult }
  | { readonly status: 'failed'; readonly error: UploadError }
  | { readonly status: 'canceled' }

/** What an upload that has begun may wait for. */
export type WaitingReason = 'offline' | 'credentials' | 'backoff'

/** What a running upload is at. */
export type UploadPhase = 'preparing' | 'uploading' | 'completing'

/** The name of a state. */
export type UploadStatus = UploadState['status']

/** Tells whether a state is an end. */
export function isEnded(state: { readonly status: UploadStatus }): boolean {
  return state.status === 'succeeded' || state.status === 'failed' || state.status === 'canceled'
}

/** How far an upload is. */
export interface UploadProgress {
  /**
   * Bytes handed to the network, confirmed or in flight. Falls only when bytes in flight are given up: by
   * `pause()`, and when a part has to be sent again.
   */
  readonly sentBytes: number
  /** Size of the file in bytes; 0 at first, since a look at each of many picked files at once would hold the page. */
  readonly totalBytes: number
  /** Mean over the last five seconds, in bytes per second; 0 while nothing is sent. */
  readonly bytesPerSecond: number
  /** Time left at that speed, in milliseconds; undefined while the speed is 0. */
  readonly etaMs: number | undefined
}

/** Why an upload had to begin anew, or in part, though bytes of it had been sent. */
export type RestartReason =
  /** The service does not know the upload any more: purged, or aborted by somebody. */
  | 'upload-gone'
  /** The service lacks parts that it had confirmed: these alone are sent again. */
  | 'parts-gone'
  /** The application gave another bucket or key than the first time. */
  | 'destination-changed'
  /** The caller forces another part size than the first time. */
  | 'part-size-changed'
