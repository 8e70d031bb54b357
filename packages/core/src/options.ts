import { MAX_PART_SIZE_BYTES, MIN_PART_SIZE_BYTES, UploadError } from '@sluice/worker/protocol'
import type { EngineSettings } from '@sluice/worker/protocol'
import type {
  AuthorizationOptions,
  GetCredentials,
  GetDestination,
  SignatureAuthorization,
  SignRequestsContext,
} from './authorization-options.ts'
import type { CallbackOptions, ObjectOptions } from './object-options.ts'

/** Options of {@link createUploader}: either `getCredentials`, or `getDestination` with a way to sign. */
export type UploaderOptions = UploaderSettings & AuthorizationOptions

/** Options beside the authorization. */
export interface UploaderSettings {
  /**
   * Longest time that the application may take to give credentials or signatures, in milliseconds, from 1; the upload
   * fails with `CREDENTIALS_FAILED` after it.
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
   * Whether the CRC-64 of what is sent is computed beside the sending, and compared with that of what OSS stored:
   * `crc64`, or `none`, which trusts the way. It costs the reading of the file a second time and a fraction of a
   * processor ([figures](../../../docs/benchmark.md)).
   *
   * @defaultValue 'crc64'
   */
  readonly checksum?: 'crc64' | 'none'
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
  /** What the object gets beside its bytes: metadata, tags, storage class and the like. */
  readonly object?: ObjectOptions
  /** A call of OSS to the application's server when the object is stored. */
  readonly callback?: CallbackOptions
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
  readonly authorization: PageAuthorization
  readonly credentialsTimeoutMs: number
  readonly workerTimeoutMs: number
  readonly worker:
    | { readonly kind: 'default' }
    | { readonly kind: 'url'; readonly url: string | URL }
    | { readonly kind: 'factory'; readonly create: () => Worker }
}

/** Whom the page asks. */
export type PageAuthorization =
  | { readonly kind: 'credentials'; readonly getCredentials: GetCredentials }
  | {
      readonly kind: 'signatures'
      readonly getDestination: GetDestination
      readonly signRequests: (context: SignRequestsContext) => Promise<unknown>
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
  const { namespace = '', signatureVersion = 'v4', checksum = 'crc64' } = options
  if (typeof namespace !== 'string') throw invalid('namespace', 'a string', namespace)
  if (signatureVersion !== 'v4' && signatureVersion !== 'v1') {
    throw invalid('signatureVersion', "'v4' or 'v1'", signatureVersion)
  }
  if (checksum !== 'crc64' && checksum !== 'none') throw invalid('checksum', "'crc64' or 'none'", checksum)
  return {
    page: {
      authorization: readAuthorizationOptions(options),
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
      authorization:
        options.getCredentials !== undefined
          ? { kind: 'credentials' }
          : { kind: 'signatures', atATime: options.signRequests === undefined ? 1 : SIGNATURES_AT_A_TIME },
      parallelParts: integer('parallelParts', options.parallelParts ?? 5, 1, 100),
      parallelFiles: integer('parallelFiles', options.parallelFiles ?? 6, 1, 100),
      connectionsPerHost: integer('connectionsPerHost', options.connectionsPerHost ?? 6, 1, 100),
      maxWorkers: integer('maxWorkers', options.maxWorkers ?? Math.min(Math.max(cores - 1, 1), 3), 1, 16),
      maxBytesPerSecond:
        options.maxBytesPerSecond === undefined
          ? undefined
          : integer('maxBytesPerSecond', options.maxBytesPerSecond, 102_400, Number.MAX_SAFE_INTEGER),
      signatureVersion,
      checksum,
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

/** Requests that are signed at a time: twice the parts that are in flight by default. */
const SIGNATURES_AT_A_TIME = 10

function readAuthorizationOptions(options: AuthorizationOptions): PageAuthorization {
  const { getCredentials, getDestination, signRequest, signRequests } = options
  if (getCredentials !== undefined) {
    if (getDestination !== undefined || signRequest !== undefined || signRequests !== undefined)
      throw new UploadError('INVALID_OPTION', 'getCredentials excludes getDestination and signRequest')
    if (typeof getCredentials !== 'function') throw invalid('getCredentials', 'a function', getCredentials)
    return { kind: 'credentials', getCredentials }
  }
  if (getDestination === undefined) throw invalid('getCredentials', 'a function', getCredentials)
  if (typeof getDestination !== 'function') throw invalid('getDestination', 'a function', getDestination)
  return { kind: 'signatures', getDestination, signRequests: readSign(options) }
}

/** Both ways to sign as one. */
function readSign({
  signRequest,
  signRequests,
}: SignatureAuthorization): (context: SignRequestsContext) => Promise<unknown> {
  const isFunction = (value: unknown): boolean => typeof value === 'function'
  if (signRequests !== undefined && signRequest === undefined && isFunction(signRequests)) return signRequests
  if (signRequest !== undefined && signRequests === undefined && isFunction(signRequest)) {
    return ({ requests, ...context }) =>
      Promise.all(requests.map((request) => signRequest({ ...context, request })))
  }
  throw new UploadError(
    'INVALID_OPTION',
    'getDestination goes with one function of signRequest (one at a time) and signRequests (several)',
  )
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
