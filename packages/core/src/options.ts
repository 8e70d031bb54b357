import { MAX_PART_SIZE_BYTES, MIN_PART_SIZE_BYTES, UploadError } from '@sluice/worker/protocol'
import type { CredentialsReason, EngineSettings } from '@sluice/worker/protocol'

/** What `getCredentials` is told. */
export interface GetCredentialsContext {
  /**
   * Why it is called.
   *
   * - `create`: for a new upload (CreateUploadVideo, CreateUploadImage).
   * - `resume`: for an upload that an earlier page began: ask for the same media by `mediaId` (RefreshUploadVideo), or
   *   for the same bucket and key.
   * - `refresh`: the credentials of this upload end soon, or have ended: the same as for `resume`.
   */
  readonly reason: CredentialsReason
  /** The `VideoId`, `ImageId` or `MediaId` of the first answer; undefined for `create`, and where none came. */
  readonly mediaId: string | undefined
  /** The file that was handed to `upload()`. */
  readonly file: Blob
  /** Name of the file; the `name` option of `upload()` where the file is a `Blob` without one. */
  readonly name: string
  /** Aborted when the upload is paused or canceled meanwhile, and when the time limit is over. */
  readonly signal: AbortSignal
}

/**
 * Plain credentials for one object of one bucket.
 *
 * The bucket's CORS rule must allow the page's origin, the methods PUT, POST, GET, HEAD and DELETE and all headers,
 * and should expose `ETag`, `x-oss-hash-crc64ecma` and `x-oss-request-id`.
 */
export interface OssCredentials {
  readonly bucket: string
  /** Name of the object: 1 to 1023 bytes of UTF-8, not starting with a slash. */
  readonly key: string
  /** Region id such as `cn-shanghai`. May be left out when the endpoint tells it. */
  readonly region?: string
  /**
   * URL of the service without the bucket.
   *
   * @defaultValue `https://oss-<region>.aliyuncs.com`
   */
  readonly endpoint?: string
  /**
   * Takes the endpoint's host as it is: a domain that is bound to the bucket.
   *
   * @defaultValue false
   */
  readonly cname?: boolean
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** Comes with temporary credentials of STS, which alone should ever reach a browser. */
  readonly securityToken?: string
  /** When they end: an ISO date, as STS answers it, or seconds from now. */
  readonly expiration?: string | number
}

/**
 * The answer of ApsaraVideo VOD's OpenAPI as it is: CreateUploadVideo, CreateUploadImage,
 * CreateUploadAttachedMedia. The first letters of the names may have any case.
 */
export interface VodCredentials {
  /** Base64 of JSON: the credentials. */
  readonly UploadAuth: string
  /** Base64 of JSON: endpoint, bucket and key. */
  readonly UploadAddress: string
  readonly VideoId?: string
  readonly ImageId?: string
  readonly MediaId?: string
}

/**
 * Asks the application's server for credentials. Called in the page.
 *
 * With reason `resume` it may answer `null`: the media is gone (deleted in the console, say); the upload begins anew.
 *
 * Answers {@link VodCredentials} or {@link OssCredentials}; the type is open, since it is mostly the JSON of a
 * server, and what is wrong with it is said by a `CREDENTIALS_INVALID` error that names the field.
 */
export type GetCredentials = (context: GetCredentialsContext) => Promise<unknown>

/** Options of {@link createUploader}. */
export interface UploaderOptions {
  /** Where credentials come from; one set for each upload. */
  readonly getCredentials: GetCredentials
  /**
   * Longest time that `getCredentials` may take, in milliseconds, from 1; the upload fails with
   * `CREDENTIALS_FAILED` after it.
   *
   * @defaultValue 30000
   */
  readonly credentialsTimeoutMs?: number
  /**
   * Parts of one file in flight at a time, 1 to 100. Never more than `connectionsPerHost` in effect, and fewer while the
   * service asks for less.
   *
   * @defaultValue 5
   */
  readonly parallelParts?: number
  /**
   * Files worked on at a time, 1 to 100; the others wait. They share the connections fairly.
   *
   * @defaultValue 6
   */
  readonly parallelFiles?: number
  /**
   * Requests to one host at a time over all files, 1 to 100. More than 6 helps only over HTTP/2: browsers open at
   * most six connections to a host over HTTP/1.1, which is what OSS speaks.
   *
   * @defaultValue 6
   */
  readonly connectionsPerHost?: number
  /**
   * Most workers to use, 1 to 16. More than one are started only when a file is sent in many parts at a time.
   * Sending does not become faster by more workers, only hashing does.
   *
   * @defaultValue one less than the processor's cores, 1 to 3
   */
  readonly maxWorkers?: number
  /**
   * Most bytes to send per second over all files, an integer from 102400 (100 KiB/s, the least that OSS limits a
   * connection to), so that an upload leaves room for a call. Fewer parts are sent at a time then, and OSS is asked to take
   * each at its pace (`x-oss-traffic-limit`), which the bucket's CORS rule must allow.
   *
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
   * Attempts of one request (of one part), the first included, 1 to 100. Between attempts a random time up to 0.5 s is
   * waited, doubling up to 20 s, or what the service asks for. Only failures that may pass are attempted again: network,
   * time-outs, 5xx, a part that arrived damaged.
   *
   * @defaultValue 6
   */
  readonly maxAttempts?: number
  /**
   * Longest time that a body in flight may make no progress, in milliseconds, from 1000. It is no limit on how long
   * a part takes, so that slow links are no error.
   *
   * @defaultValue 60000
   */
  readonly stallTimeoutMs?: number
  /**
   * Longest time that a worker may not answer the page, in milliseconds, from 1000. It is then taken for hung or ended by
   * the browser, and replaced; what was confirmed is kept.
   *
   * @defaultValue 30000
   */
  readonly silenceTimeoutMs?: number
  /**
   * Longest time to wait for the answer to a request without file bytes, in milliseconds, from 1000.
   *
   * @defaultValue 30000
   */
  readonly requestTimeoutMs?: number
  /**
   * Longest time to wait for the service to put the object together, in milliseconds, from 1000. OSS may take a while
   * for large objects.
   *
   * @defaultValue 180000
   */
  readonly completeTimeoutMs?: number
  /**
   * How long before their end credentials are renewed, in milliseconds, from 0; at most a third of their life. Parts in
   * flight are not stopped for it.
   *
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
   * Age at which an upload cannot be resumed any more, in milliseconds since it was begun, from 60000.
   *
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
  /** Starts a worker of the worker script, where a URL is not enough. Excludes `workerUrl`. */
  readonly createWorker?: () => Worker
  /**
   * Longest time that a worker may take to load and answer, in milliseconds, from 1; uploads fail with
   * `WORKER_FAILED` after it. A script that is missing is noticed at once.
   *
   * @defaultValue 8000
   */
  readonly workerTimeoutMs?: number
}

/** Options of `uploader.upload()`. */
export interface UploadOptions {
  /**
   * Forces a part size in bytes, an integer from 102400 (100 KiB) to 5368709120 (5 GiB). The file must fit into 10,000
   * parts.
   *
   * @defaultValue 8388608 (8 MiB) at first, then 1 to 16 MiB as the link suggests; for files above 78 GiB at least the
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
   * Name for messages and for `getCredentials`.
   *
   * @defaultValue the file's name, or `blob`
   */
  readonly name?: string
  /** Cancels the upload when aborted; `result` rejects with its reason. */
  readonly signal?: AbortSignal
}

/** Settings of the page's side, with defaults filled in. */
export interface PageSettings {
  readonly getCredentials: GetCredentials
  readonly credentialsTimeoutMs: number
  readonly workerTimeoutMs: number
  readonly worker:
    | { readonly kind: 'default' }
    | { readonly kind: 'url'; readonly url: string | URL }
    | { readonly kind: 'factory'; readonly create: () => Worker }
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {UploadError} `INVALID_OPTION`, naming the option, the rule and what was given
 */
export function readOptions(
  options: UploaderOptions,
  cores: number,
): { readonly page: PageSettings; readonly engine: EngineSettings } {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object', options)
  if (typeof options.getCredentials !== 'function') {
    throw invalid('getCredentials', 'a function', options.getCredentials)
  }
  const { namespace = '', signatureVersion = 'v4' } = options
  if (typeof namespace !== 'string') throw invalid('namespace', 'a string', namespace)
  if (signatureVersion !== 'v4' && signatureVersion !== 'v1') {
    throw invalid('signatureVersion', "'v4' or 'v1'", signatureVersion)
  }
  return {
    page: {
      getCredentials: options.getCredentials,
      credentialsTimeoutMs: integer(
        'credentialsTimeoutMs',
        options.credentialsTimeoutMs ?? 30_000,
        1,
        MAX_TIMER_MS,
      ),
      workerTimeoutMs: integer('workerTimeoutMs', options.workerTimeoutMs ?? 8000, 1, MAX_TIMER_MS),
      worker: workerSource(options),
    },
    engine: {
      parallelParts: integer('parallelParts', options.parallelParts ?? 5, 1, 100),
      parallelFiles: integer('parallelFiles', options.parallelFiles ?? 6, 1, 100),
      connectionsPerHost: integer('connectionsPerHost', options.connectionsPerHost ?? 6, 1, 100),
      maxWorkers: integer('maxWorkers', options.maxWorkers ?? Math.min(Math.max(cores - 1, 1), 3), 1, 16),
      maxBytesPerSecond:
        options.maxBytesPerSecond === undefined
          ? undefined
          : integer('maxBytesPerSecond', options.maxBytesPerSecond, 102_400, Number.MAX_SAFE_INTEGER),
      signatureVersion,
      maxAttempts: integer('maxAttempts', options.maxAttempts ?? 6, 1, 100),
      stallTimeoutMs: integer('stallTimeoutMs', options.stallTimeoutMs ?? 60_000, 1000, MAX_TIMER_MS),
      silenceTimeoutMs: integer('silenceTimeoutMs', options.silenceTimeoutMs ?? 30_000, 1000, MAX_TIMER_MS),
      requestTimeoutMs: integer('requestTimeoutMs', options.requestTimeoutMs ?? 30_000, 1000, MAX_TIMER_MS),
      completeTimeoutMs: integer(
        'completeTimeoutMs',
        options.completeTimeoutMs ?? 180_000,
        1000,
        MAX_TIMER_MS,
      ),
      refreshLeadMs: integer('refreshLeadMs', options.refreshLeadMs ?? 60_000, 0, MAX_TIMER_MS),
      namespace,
      checkpointMaxAgeMs: integer(
        'checkpointMaxAgeMs',
        options.checkpointMaxAgeMs ?? 7 * 86_400_000,
        60_000,
        Number.MAX_SAFE_INTEGER,
      ),
    },
  }
}

/** Checks the part size that a caller forces. @throws {UploadError} `INVALID_OPTION` */
export function readPartSize(partSizeBytes: number | undefined): number | undefined {
  if (partSizeBytes === undefined) return undefined
  return integer('partSizeBytes', partSizeBytes, MIN_PART_SIZE_BYTES, MAX_PART_SIZE_BYTES)
}

/** Checks the Content-Type. @throws {UploadError} `INVALID_OPTION` */
export function readContentType(contentType: string): string {
  if (typeof contentType === 'string' && /^[\x20-\x7e]*$/.test(contentType)) return contentType.trim()
  throw invalid('contentType', 'printable ASCII such as "video/mp4"', contentType)
}

/** Timers of browsers hold 32 bits: a longer wait would be none. (HTML Standard, "timers") */
const MAX_TIMER_MS = 2 ** 31 - 1

function workerSource({ workerUrl, createWorker }: UploaderOptions): PageSettings['worker'] {
  if (workerUrl !== undefined && createWorker !== undefined) {
    throw new UploadError('INVALID_OPTION', 'workerUrl and createWorker exclude each other: give one of them')
  }
  if (createWorker !== undefined) {
    if (typeof createWorker !== 'function') throw invalid('createWorker', 'a function', createWorker)
    return { kind: 'factory', create: createWorker }
  }
  if (workerUrl === undefined) return { kind: 'default' }
  if (typeof workerUrl !== 'string' && !(workerUrl instanceof URL)) {
    throw invalid('workerUrl', 'a string or a URL', workerUrl)
  }
  return { kind: 'url', url: workerUrl }
}

function integer(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw invalid(name, `an integer from ${least} to ${most}`, value)
}

function invalid(name: string, rule: string, value: unknown): UploadError {
  const got = typeof value === 'number' || typeof value === 'string' ? JSON.stringify(value) : typeof value
  return new UploadError('INVALID_OPTION', `${name} must be ${rule}, got ${value === null ? 'null' : got}`)
}
