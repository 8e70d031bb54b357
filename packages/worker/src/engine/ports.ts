import type { BrowserDifferences } from '../browser/differences.ts'
import type { CorsCheck, Link, Probe } from '../network/network.ts'
import type { Clock } from '../clock/clock.ts'
import type { CreateSource } from '../credentials/create-source.ts'
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts'
import type { Crc64 } from '../hash/crc64.ts'
import type { HashBlob } from '../hash/hash-blob.ts'
import type { Md5Blob } from '../hash/md5-blob.ts'
import type { FileBytes, HttpClient, HttpRequest, HttpResponse } from '../http/http-client.ts'
import type {
  CredentialsRequest,
  EngineEvent,
  EngineSettings,
  SignaturesRequest,
} from '../protocol/engine-api.ts'

/** A body to send and the signed request for it. */
export interface PartTask {
  readonly request: HttpRequest
  readonly body: FileBytes
  readonly idleTimeoutMs: number
  readonly checksum: EngineSettings['checksum']
}

export interface PartAnswer {
  readonly response: HttpResponse
  /** CRC-64 of the body, computed while it was sent, as unsigned decimal; undefined without a checksum. */
  readonly crc64: string | undefined
}

/** Sends bodies and computes their CRC-64 beside: in this thread, or in another worker. */
export interface PartUploader {
  /** @throws what {@link HttpClient} throws, `FILE_CHANGED`, `WORKER_CRASHED`, or `signal.reason` */
  send(
    task: PartTask,
    options: { readonly signal: AbortSignal; readonly onProgress: (sentBytes: number) => void },
  ): Promise<PartAnswer>
}

/**
 * Takes a lock that other tabs and other engines see.
 *
 * @param onWait is called once if somebody else has it
 * @returns gives it back; a page that dies gives it back as well
 * @throws `signal.reason` when aborted while waiting
 */
export type TakeLock = (name: string, onWait: () => void, signal: AbortSignal) => Promise<() => void>

/** Names of the locks that anybody holds now. */
export type HeldLocks = () => Promise<ReadonlySet<string>>

/** What the engine needs from outside. The same engine runs in a worker, in the page and in Node. */
export interface EnginePorts extends BrowserDifferences {
  readonly http: HttpClient
  readonly probe: Probe
  readonly isAllowedByCors: CorsCheck
  readonly link: Link
  /** Origin of the page, for what is said of CORS rules. */
  readonly pageOrigin: string
  readonly partUploader: PartUploader
  /** Asks the application for credentials; answers what it answered. Throws `CREDENTIALS_FAILED`. */
  readonly getCredentials: (request: CredentialsRequest, signal: AbortSignal) => Promise<unknown>
  /** Asks the application to sign requests; answers what it answered. Throws `CREDENTIALS_FAILED`. */
  readonly signRequests: (request: SignaturesRequest, signal: AbortSignal) => Promise<unknown>
  readonly createSource: CreateSource
  readonly checkpoints: CheckpointStore
  readonly takeLock: TakeLock
  readonly heldLocks: HeldLocks
  readonly crc64: Crc64
  readonly hashBlob: HashBlob
  readonly md5Blob: Md5Blob
  readonly clock: Clock
  /** A number from 0 to below 1. */
  readonly random: () => number
  readonly emit: (event: EngineEvent) => void
}
