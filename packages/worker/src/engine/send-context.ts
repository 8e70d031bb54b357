import type { AddRequest, EngineSettings } from '../protocol/engine-api.ts'
import type { MultipartUpload } from './multipart.ts'
import type { OssClient } from './oss-client.ts'

/** What sending a file needs from, and tells, the upload it belongs to. */
export interface SendContext {
  readonly request: AddRequest
  readonly settings: EngineSettings
  /** Asks for credentials, or uses those that are there. */
  readonly connect: (signal: AbortSignal) => Promise<Connection>
  /** The open upload of an earlier attempt; undefined when there is none. */
  readonly multipart: () => MultipartUpload | undefined
  /** Keeps what must outlive a pause. */
  readonly keep: (multipart: MultipartUpload) => void
  readonly onPhase: (phase: 'send' | 'complete') => void
  /** Bytes of a body that are on their way; 0 when it is confirmed or given up. */
  readonly onInFlight: (partNumber: number, sentBytes: number) => void
}

export interface Connection {
  readonly client: OssClient
  readonly mediaId: string | undefined
}

/** For requests that are never cut off; their time limits still hold. */
export const NEVER: AbortSignal = new AbortController().signal
