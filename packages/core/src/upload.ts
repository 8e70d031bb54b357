import type {
  LocalId,
  PartInspection,
  RestartReason,
  UploadError,
  UploadProgress,
  UploadResult,
  UploadState,
} from '@sluice/worker/protocol'
import type { Listener, ListenOptions, Unsubscribe } from './emitter.ts'

/** Events of an upload. */
export interface UploadEvents {
  /**
   * How far it is: at most every 100 ms, and once more with each change of state. `sentBytes` falls only when bytes in
   * flight are given up. The last one before `succeeded` says that all is sent.
   */
  readonly progress: UploadProgress
  /** Each change of state, in order. An end (`succeeded`, `failed`, `canceled`) is the last. */
  readonly statechange: {
    /** The state before. */
    readonly from: UploadState
    /** The state now; `upload.state` is the same. */
    readonly to: UploadState
  }
  /** A request (of a part, say) failed and is going to be sent again. Many parts may say so at a time. */
  readonly retry: {
    /** Why it failed. */
    readonly error: UploadError
    /** Which attempt of it failed, from 1. */
    readonly attempt: number
  }
  /** All requests that had failed have come through. */
  readonly 'retry-resume': Readonly<Record<string, never>>
  /** What had been sent before cannot be used: the upload begins anew, by itself. */
  readonly restart: {
    /** Why it does. */
    readonly reason: RestartReason
  }
}

/** One file on its way. Its outcome is the promise `result`; events are for showing progress. */
export interface Upload {
  /** Name of this upload, unique within its uploader. */
  readonly localId: LocalId
  /** The file, or its handle, as it was given. */
  readonly file: Blob | FileSystemFileHandle
  /** Name of the file, or that of the option `name`. */
  readonly name: string
  /** Where it stands. */
  readonly state: UploadState
  /** How far it is. */
  readonly progress: UploadProgress
  /**
   * Resolves when the object is stored and proved; rejects with an `UploadError` when that failed, with code `CANCELED`
   * after `cancel()`, with the signal's reason when the signal of `upload()` was aborted.
   *
   * It may be left alone: a rejection that nobody listens to is not reported as unhandled.
   */
  readonly result: Promise<UploadResult>
  /** Listens to an event; answers a function that stops it. */
  readonly on: <Type extends keyof UploadEvents>(
    type: Type,
    listener: Listener<UploadEvents[Type]>,
    options?: ListenOptions,
  ) => Unsubscribe
  /**
   * What each part is doing now, in their order; a file that is sent in one request is one part. None when the upload has
   * ended. To be asked for by a page that shows parts, some times a second at most.
   *
   * @throws {UploadError} `WORKER_FAILED`, `WORKER_CRASHED`, `CLOSED`
   */
  readonly parts: () => Promise<readonly PartInspection[]>
  /**
   * Changes the place in the queue; see the option `priority` of `upload()`.
   *
   * @throws {UploadError} `INVALID_OPTION`
   */
  readonly setPriority: (priority: number) => void
  /** Stops sending at once. Parts that are confirmed are kept, bytes in flight are given up. */
  readonly pause: () => void
  /** Goes on with what is missing; after credentials could not be refreshed, asks for them again. */
  readonly resume: () => void
  /**
   * Ends the upload and takes what it left off the server. Too late once the object is being put together: if that
   * succeeds, the upload has succeeded. After the end it does nothing: what a failed upload left stays, to be resumed.
   *
   * @returns a promise that resolves when nothing is left on the server
   * @throws {UploadError} when something may be left there, since the server could not be reached
   */
  readonly cancel: () => Promise<void>
}
