import { MAX_PART_SIZE_BYTES, MIN_PART_SIZE_BYTES, UploadError } from '@sluice/worker/protocol'
import type { EngineSettings } from '@sluice/worker/protocol'
import type {
  AuthorizationOptions,
  GetCredentials,
  GetDestination,
  SignatureAuthorization,
  SignRequestsContext,
} from './authorization-options.ts'
import type { UploaderOptions, UploaderSettings } from './options.ts'

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
  | SigningPage

interface SigningPage {
  readonly kind: 'signatures'
  readonly getDestination: GetDestination
  /** The option that the application gave. */
  readonly signsBy: 'signRequest' | 'signRequests'
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
  const number = (name: NumberOption, fallback: number, least: number, most: number): number =>
    integer(name, options[name] ?? fallback, least, most)
  return {
    page: {
      authorization: readAuthorizationOptions(options),
      credentialsTimeoutMs: number('credentialsTimeoutMs', 30_000, 1, MAX_TIMER_MS),
      workerTimeoutMs: number('workerTimeoutMs', 8000, 1, MAX_TIMER_MS),
      worker: workerSource(options),
    },
    engine: {
      authorization:
        options.getCredentials !== undefined
          ? { kind: 'credentials' }
          : { kind: 'signatures', atATime: options.signRequests === undefined ? 1 : SIGNATURES_AT_A_TIME },
      parallelParts: number('parallelParts', 6, 1, 100),
      parallelFiles: number('parallelFiles', 6, 1, 100),
      connectionsPerHost: number('connectionsPerHost', 6, 1, 100),
      maxWorkers: number('maxWorkers', Math.min(Math.max(cores - 1, 1), 3), 1, 16),
      maxBytesPerSecond:
        options.maxBytesPerSecond === undefined
          ? undefined
          : number('maxBytesPerSecond', 0, 102_400, Number.MAX_SAFE_INTEGER),
      signatureVersion,
      checksum,
      maxAttempts: number('maxAttempts', 6, 1, 100),
      stallTimeoutMs: number('stallTimeoutMs', 60_000, 1000, MAX_TIMER_MS),
      silenceTimeoutMs: number('silenceTimeoutMs', 30_000, 1000, MAX_TIMER_MS),
      requestTimeoutMs: number('requestTimeoutMs', 30_000, 1000, MAX_TIMER_MS),
      completeTimeoutMs: number('completeTimeoutMs', 180_000, 1000, MAX_TIMER_MS),
      refreshLeadMs: number('refreshLeadMs', 60_000, 0, MAX_TIMER_MS),
      namespace,
      checkpointMaxAgeMs: number('checkpointMaxAgeMs', 7 * 86_400_000, 60_000, Number.MAX_SAFE_INTEGER),
    },
  }
}

/** Names of the options that are numbers. */
type NumberOption = {
  [Name in keyof UploaderSettings]-?: NonNullable<UploaderSettings[Name]> extends number ? Name : never
}[keyof UploaderSettings]

/** Requests that are signed at a time: twice the parts that are in flight by default. */
const SIGNATURES_AT_A_TIME = 10

function readAuthorizationOptions(options: AuthorizationOptions): PageAuthorization {
  const { getCredentials, getDestination, signRequest, signRequests } = options
  if (
    getCredentials !== undefined &&
    (getDestination !== undefined || signRequest !== undefined || signRequests !== undefined)
  )
    throw new UploadError('INVALID_OPTION', 'getCredentials excludes getDestination and signRequest')
  if (getDestination === undefined) {
    if (typeof getCredentials !== 'function') throw invalid('getCredentials', 'a function', getCredentials)
    return { kind: 'credentials', getCredentials }
  }
  if (typeof getDestination !== 'function') throw invalid('getDestination', 'a function', getDestination)
  return { kind: 'signatures', getDestination, ...readSign(options) }
}

/** Both ways to sign as one. */
function readSign({
  signRequest,
  signRequests,
}: SignatureAuthorization): Pick<SigningPage, 'signsBy' | 'signRequests'> {
  if (typeof signRequests === 'function' && signRequest === undefined)
    return { signsBy: 'signRequests', signRequests }
  if (typeof signRequest === 'function' && signRequests === undefined) {
    return {
      signsBy: 'signRequest',
      signRequests: ({ requests, ...context }) =>
        Promise.all(requests.map((request) => signRequest({ ...context, request }))),
    }
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

/** Checks a priority. @throws {UploadError} `INVALID_OPTION` */
export function readPriority(priority: number): number {
  return integer('priority', priority, -1000, 1000)
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
