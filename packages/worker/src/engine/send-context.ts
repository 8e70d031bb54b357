import type { SendingBook } from '../adapt/sending-book.ts'
import type { CheckpointBook } from '../checkpoint/checkpoint-book.ts'
import type { Fingerprint } from '../checkpoint/fingerprint.ts'
import type { CredentialSource } from '../credentials/credential-source.ts'
import type { AddRequest, EngineSettings } from '../protocol/engine-api.ts'
import type { Network } from '../network/network.ts'
import type { RestartReason } from '../protocol/upload-state.ts'
import type { BodyOnItsWay } from './inspect-parts.ts'
import type { MultipartUpload } from './multipart.ts'
import type { ActivityBoard } from './activity.ts'
import type { HidingBuckets } from './cors-rule.ts'
import type { OssClient } from './oss-client.ts'
import type { EnginePorts } from './ports.ts'

/** What an upload remembers over its pauses. */
export interface UploadMemory {
  /** Set at the first look at the file. */
  fingerprint: Fingerprint | undefined
  /** Set while the upload has the lock of its file. */
  unlock: (() => void) | undefined
  /** Whether credentials have come; from then on they are only refreshed. */
  isGranted: boolean
  /** Where its requests go to; undefined before credentials. */
  origin: string | undefined
  /** When its credentials end, in milliseconds since the epoch. */
  credentialsEndAtMs: number | undefined
  /** The open upload on the service; undefined before Initiate and for small files. */
  multipart: MultipartUpload | undefined
}

/** What sending a file needs from, and tells, the upload it belongs to. */
export interface SendContext {
  readonly request: AddRequest
  readonly settings: EngineSettings
  readonly memory: UploadMemory
  readonly client: OssClient
  readonly network: Network
  readonly activity: ActivityBoard
  readonly sending: SendingBook
  readonly hiding: HidingBuckets
  readonly credentials: CredentialSource
  readonly checkpoints: CheckpointBook
  readonly ports: Pick<
    EnginePorts,
    'bodies' | 'takeLock' | 'crc64' | 'hashBlob' | 'md5Blob' | 'clock' | 'random'
  >
  /** Waits until fewer files are worked on than may be: after a wait for a lock, and for what was got ready ahead. */
  readonly takeTurn: (signal: AbortSignal) => Promise<void>
  readonly onPhase: (phase: 'wait' | 'prepare' | 'send' | 'complete') => void
  /** What becomes of the body of a part, 1 for that of the whole file; undefined when it is confirmed or given up. */
  readonly onBody: (partNumber: number, body: BodyOnItsWay | undefined) => void
  readonly onRestart: (reason: RestartReason) => void
}

/** The service does not know the upload any more: it has to begin anew. */
export class UploadGone extends Error {
  override readonly name = 'UploadGone'
}

/** The service knows the upload, but not all parts that it had confirmed. */
export class PartsGone extends Error {
  override readonly name = 'PartsGone'
}
