import type { AuthorizationOptions } from './authorization-options.ts'
import type { CallbackOptions, ObjectOptions } from './object-options.ts'

/** Options of {@link createUploader}: either `getCredentials`, or `getDestination` with a way to sign. */
export type UploaderOptions = UploaderSettings & AuthorizationOptions

/** Options beside the authorization. */
export interface UploaderSettings {
  /**
   * Longest time that the application may take to give credentials or signatures; the upload fails with
   * `CREDENTIALS_FAILED` after it.
   *
   * @unit milliseconds
   * @range 1 to 2147483647
   * @defaultValue 30000
   */
  readonly credentialsTimeoutMs?: number
  /**
   * Parts of one file in flight at a time. Never more than `connectionsPerHost` in effect, and fewer while the service
   * asks for less.
   *
   * @unit parts
   * @range 1 to 100
   * @defaultValue 6
   */
  readonly parallelParts?: number
  /**
   * Files worked on at a time; the others wait. They share the connections fairly. As many of up to 1 MiB are read and
   * given credentials ahead of their turn.
   *
   * @unit files
   * @range 1 to 100
   * @defaultValue 6
   */
  readonly parallelFiles?: number
  /**
   * Requests to one host at a time over all files. More than 6 helps only over HTTP/2: browsers open at most six
   * connections to a host over HTTP/1.1, which is what OSS speaks.
   *
   * @unit requests
   * @range 1 to 100
   * @defaultValue 6
   */
  readonly connectionsPerHost?: number
  /**
   * Most workers to use. More than one are started only when a file is sent in many parts at a time. Sending does not
   * become faster by more workers, only hashing does.
   *
   * @unit workers
   * @range 1 to 16
   * @defaultValue one less than the processor's cores, 1 to 3
   */
  readonly maxWorkers?: number
  /**
   * Most bytes to send per second over all files, so that an upload leaves room for a call. Fewer parts are sent at a
   * time then, and OSS is asked to take each at its pace (`x-oss-traffic-limit`), which the bucket's CORS rule must allow.
   * The least is what OSS limits a connection to, 100 KiB/s. (OSS documentation, "Single-connection bandwidth throttling")
   *
   * @unit bytes per second
   * @range 102400 to 9007199254740991
   * @defaultValue no limit
   */
  readonly maxBytesPerSecond?: number
  /**
   * Signature of requests: `v4`, or `v1` for what still needs it. OSS retires V1 in phases since 2025-03-01.
   *
   * @defaultValue 'v4'
   */
  readonly signatureVersion?: 'v4' | 'v1'
  /**
   * Whether the CRC-64 of what is sent is computed beside the sending, and compared with that of what OSS stored:
   * `crc64`, or `none`, which trusts the way. It costs the reading of the file a second time and a part of a
   * processor: sending alone takes 0.6 of its time (measured with `npm run bench`, Chromium 156, two cores).
   *
   * @defaultValue 'crc64'
   */
  readonly checksum?: 'crc64' | 'none'
  /**
   * Attempts of one request (of one part), the first included. Between attempts a random time up to 0.5 s is waited,
   * doubling up to 20 s, or what the service asks for. Only failures that may pass are attempted again: network,
   * time-outs, 5xx, a part that arrived damaged.
   *
   * @unit attempts
   * @range 1 to 100
   * @defaultValue 6
   */
  readonly maxAttempts?: number
  /**
   * Longest time that a body in flight may make no progress. It is no limit on how long a part takes, so that slow links
   * are no error.
   *
   * @unit milliseconds
   * @range 1000 to 2147483647
   * @defaultValue 60000
   */
  readonly stallTimeoutMs?: number
  /**
   * Longest time that a worker may not answer the page. It is then taken for hung or ended by the browser, and replaced;
   * what was confirmed is kept.
   *
   * @unit milliseconds
   * @range 1000 to 2147483647
   * @defaultValue 30000
   */
  readonly silenceTimeoutMs?: number
  /**
   * Longest time to wait for the answer to a request without file bytes.
   *
   * @unit milliseconds
   * @range 1000 to 2147483647
   * @defaultValue 30000
   */
  readonly requestTimeoutMs?: number
  /**
   * Longest time to wait for the service to put the object together. OSS may take a while for large objects.
   *
   * @unit milliseconds
   * @range 1000 to 2147483647
   * @defaultValue 180000
   */
  readonly completeTimeoutMs?: number
  /**
   * How long before their end credentials are renewed at the latest; at most a third of their life. The moment is random
   * between two thirds of their life and that, so that many browsers whose credentials end together do not ask together:
   * of an hour's, after 40 to 59 minutes. Parts in flight are not stopped for it.
   *
   * @unit milliseconds
   * @range 0 to 2147483647
   * @defaultValue 60000
   */
  readonly refreshLeadMs?: number
  /**
   * Keeps what can be resumed apart: give the id of the user or the environment where one origin serves several.
   *
   * @defaultValue ''
   */
  readonly namespace?: string
  /**
   * Age at which an upload cannot be resumed any more, since it was begun.
   *
   * @unit milliseconds
   * @range 60000 to 9007199254740991
   * @defaultValue 604800000 (7 days; VOD purges unfinished parts then)
   */
  readonly checkpointMaxAgeMs?: number
  /**
   * Where the worker script is: the file `dist/script/sluice.worker.js` of `@sluice/core`, which imports nothing, served
   * from the page's own origin. For bundlers that do not emit workers, and for a CSP that refuses the script tag's
   * worker, which is a Blob. Excludes `createWorker`.
   *
   * @defaultValue what the bundler emits for `new Worker(new URL(…, import.meta.url))`; from a script tag a Blob
   */
  readonly workerUrl?: string | URL
  /**
   * Starts a worker of the worker script, where a URL is not enough. Excludes `workerUrl`.
   *
   * @defaultValue `workerUrl` says where it is
   */
  readonly createWorker?: () => Worker
  /**
   * Longest time that a worker may take to load and answer; uploads fail with `WORKER_FAILED` after it. A script that is
   * missing is noticed at once.
   *
   * @unit milliseconds
   * @range 1 to 2147483647
   * @defaultValue 8000
   */
  readonly workerTimeoutMs?: number
}

/** Options of `uploader.upload()`. */
export interface UploadOptions {
  /**
   * Place in the queue: higher ones begin first, equal ones in the order in which they came. What has begun is not stopped
   * for it. `upload.setPriority()` changes it.
   *
   * @unit none: only the order counts
   * @range -1000 to 1000
   * @defaultValue 0
   */
  readonly priority?: number
  /**
   * Forces a part size, 100 KiB to 5 GiB. The file must fit into 10,000 parts. (OSS documentation, "Multipart upload")
   *
   * @unit bytes
   * @range 102400 to 5368709120
   * @defaultValue 8388608 (8 MiB) at first, then 1 to 32 MiB as the link suggests; for files above 78 GiB at least the
   *   whole MiB that keeps the parts under 10,000
   */
  readonly partSizeBytes?: number
  /**
   * Content-Type of the object.
   *
   * @defaultValue the file's own type, or `application/octet-stream`
   */
  readonly contentType?: string
  /**
   * What the object gets beside its bytes: metadata, tags, storage class and the like.
   *
   * @defaultValue nothing
   */
  readonly object?: ObjectOptions
  /**
   * A call of OSS to the application's server when the object is stored.
   *
   * @defaultValue no call
   */
  readonly callback?: CallbackOptions
  /**
   * Name for messages and for `getCredentials`.
   *
   * @defaultValue the file's name, or `blob`
   */
  readonly name?: string
  /**
   * Cancels the upload when aborted; `result` rejects with its reason.
   *
   * @defaultValue none
   */
  readonly signal?: AbortSignal
}
