import type { Inspection, PartInspection } from './inspection.ts'
import type { RestartReason, UploadProgress, UploadState } from './upload-state.ts'
import type { Settled, WireError, WireUploadError } from './wire-error.ts'

/**
 * The boundary between the page and the engine.
 *
 * | What crosses | Way | How |
 * | --- | --- | --- |
 * | commands ({@link EngineApi}) | page to engine | Comlink over `commands` |
 * | credentials, more workers ({@link PageApi}) | engine to page | Comlink over `page` |
 * | states and progress ({@link EngineEvent}) | engine to page | posted one way on `events`, several at a time, in order |
 * | `File` | page to engine | structured clone of a handle, no bytes |
 * | errors | both | {@link WireError}, since structured clone loses class and code |
 * | `AbortSignal` | – | cannot be posted; `abortCredentials` and `cancel` stand for it |
 */
export const PROTOCOL_VERSION = 5

/** The page's own name for an upload: unique within one uploader. */
export type LocalId = string

/** Settings of an engine, checked by the page. Units and defaults are documented at the uploader's options. */
export interface EngineSettings {
  readonly authorization: AuthorizationKind
  readonly connectionsPerHost: number
  readonly parallelFiles: number
  readonly parallelParts: number
  readonly maxWorkers: number
  readonly maxBytesPerSecond: number | undefined
  readonly signatureVersion: 'v4' | 'v1'
  readonly checksum: 'crc64' | 'none'
  readonly maxAttempts: number
  readonly stallTimeoutMs: number
  readonly silenceTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly completeTimeoutMs: number
  readonly refreshLeadMs: number
  readonly namespace: string
  readonly checkpointMaxAgeMs: number
}

/** What the application gives: credentials, or signatures, so many at a time. */
export type AuthorizationKind =
  | { readonly kind: 'credentials' }
  | { readonly kind: 'signatures'; readonly atATime: number }

export interface AddRequest {
  readonly localId: LocalId
  readonly file: Blob
  /** For messages to people. */
  readonly name: string
  readonly partSizeBytes: number | undefined
  /** Of the object, with `content-type`; of the application's callback too. Names in lower case. */
  readonly objectHeaders: Readonly<Record<string, string>>
  /** Goes into the checkpoint, so that the file can be opened again without a picker. */
  readonly handle: FileSystemFileHandle | undefined
  /** Higher ones begin first; the same in the order in which they came. */
  readonly priority: number
  /** What an engine that died had got for this file; undefined for a file that is new. */
  readonly mediaId: string | undefined
  /** Whether it waits for `resume()` from the beginning. */
  readonly isPaused: boolean
}

/** An upload that an earlier page left unfinished. */
export interface ResumableUpload {
  /** Tells it apart from the others. */
  readonly id: string
  /** Name of its file. */
  readonly name: string
  /** Size of its file in bytes. */
  readonly sizeBytes: number
  /** `lastModified` of the file, in milliseconds since the epoch; 0 of a Blob, which has none. */
  readonly lastModifiedMs: number
  /** Bytes that need not be sent again. */
  readonly doneBytes: number
  /** The `VideoId`, `ImageId` or `MediaId` that came with its credentials; undefined when none came. */
  readonly mediaId: string | undefined
  /** When the upload was opened, in milliseconds since the epoch. */
  readonly createdAtMs: number
  /** When its last part was confirmed, in milliseconds since the epoch. */
  readonly updatedAtMs: number
  /** Opens the file without a picker; undefined where it has to be picked again. */
  readonly handle: FileSystemFileHandle | undefined
}

/** What the engine offers the page. Each argument and result survives structured clone. */
export interface EngineApi {
  add(requests: readonly AddRequest[]): void
  pause(localId: LocalId): void
  resume(localId: LocalId): void
  setPriority(localId: LocalId, priority: number): void
  /** Settles when the upload has ended; with an error when something of it may be left on the server. */
  cancel(localId: LocalId): Promise<Settled<void>>
  /** What earlier pages left unfinished, the latest first. */
  resumable(): Promise<Settled<readonly ResumableUpload[]>>
  /** Takes what an earlier page left off the server. The request stands for it; its file is not there. */
  discard(request: AddRequest, id: ResumableUpload['id']): Promise<Settled<void>>
  /** What goes on now. */
  inspect(): Inspection
  /** What the parts of an upload are doing now; none when it has ended. */
  parts(localId: LocalId): readonly PartInspection[]
  /** A sign of life. */
  ping(): void
  /** A worker of the pool died: what it was sending fails. */
  partWorkerLost(workerId: number, error: WireUploadError): void
}

/**
 * Why credentials are asked for.
 *
 * - `create`: for a new upload (CreateUploadVideo, CreateUploadImage).
 * - `resume`: for an upload that an earlier page began; `mediaId` is the one that came with its first credentials
 *   (RefreshUploadVideo).
 * - `refresh`: the credentials of a running upload end soon, or have ended (RefreshUploadVideo).
 */
export type CredentialsReason = 'create' | 'resume' | 'refresh'

export interface CredentialsRequest {
  readonly localId: LocalId
  readonly reason: CredentialsReason
  readonly mediaId: string | undefined
}

/** A request that the application's server is to sign. */
export interface RequestToSign {
  /** Its method. */
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Bucket that it is for: of `getDestination`. */
  readonly bucket: string
  /** Name of the object that it is for: of `getDestination`. */
  readonly key: string
  /** Decoded names and values of the query; an empty value is a bare name, such as `uploads`. */
  readonly query: Readonly<Record<string, string>>
  /** What will be sent, names in lower case: signatures take `content-type`, `content-md5` and all `x-oss-*` in. */
  readonly headers: Readonly<Record<string, string>>
}

export interface SignaturesRequest {
  readonly localId: LocalId
  readonly mediaId: string | undefined
  readonly requests: readonly RequestToSign[]
}

/** What the page offers the engine. What the application answered comes unchecked. */
export interface PageApi {
  /** Asks the application for credentials, or where an upload goes whose requests it signs. */
  getCredentials(request: CredentialsRequest): Promise<Settled<unknown>>
  signRequests(request: SignaturesRequest): Promise<Settled<unknown>>
  /** Gives up all that the application is asked for an upload. */
  abortCredentials(localId: LocalId): void
  /** Starts one more worker and hands over a port to its part uploader. */
  addPartWorker(): PartWorkerLink
  /** Ends one that does not answer any more. */
  endPartWorker(workerId: number): void
}

export interface PartWorkerLink {
  readonly workerId: number
  readonly port: MessagePort
}

/** A state as it crosses the thread: errors as {@link WireUploadError}. */
export type WireUploadState =
  | Exclude<UploadState, { readonly status: 'failed' | 'paused' }>
  | { readonly status: 'paused'; readonly error: WireUploadError | undefined }
  | { readonly status: 'failed'; readonly error: WireUploadError }

/**
 * What the engine posts to the page. `progress` comes at most every 100 ms and tells of all uploads at once; a state
 * brings the progress at its moment along, so that the last one is never missed.
 */
export type EngineEvent =
  | { readonly type: 'ready'; readonly protocolVersion: number }
  | {
      readonly type: 'state'
      readonly localId: LocalId
      readonly state: WireUploadState
      readonly progress: UploadProgress
    }
  /** The application has given credentials for an upload. */
  | { readonly type: 'granted'; readonly localId: LocalId; readonly mediaId: string | undefined }
  | { readonly type: 'restart'; readonly localId: LocalId; readonly reason: RestartReason }
  /** A request failed and is going to be sent again. */
  | {
      readonly type: 'retry'
      readonly localId: LocalId
      readonly error: WireUploadError
      readonly attempt: number
    }
  /** All requests that had failed have come through. */
  | { readonly type: 'retry-resume'; readonly localId: LocalId }
  /** A bucket's CORS rule hides headers that uploads would read; they go on. The message has the rule. */
  | { readonly type: 'headers-hidden'; readonly message: string }
  /** Checkpoints cannot be stored; they are kept in memory from now on. */
  | { readonly type: 'degraded'; readonly cause: WireError }
  | { readonly type: 'progress'; readonly uploads: readonly (readonly [LocalId, UploadProgress])[] }

/** The first and only message that a worker gets on its global scope: which part it plays. */
export type ConnectMessage =
  | {
      readonly type: 'sluice:engine'
      readonly settings: EngineSettings
      readonly commands: MessagePort
      readonly page: MessagePort
      readonly events: MessagePort
    }
  | { readonly type: 'sluice:part-uploader'; readonly port: MessagePort }
