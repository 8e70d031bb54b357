import type { LocalId } from './engine-api.ts'

/**
 * What an uploader is doing at one moment: for a page that shows it, and for reports of problems. It holds no secrets.
 */
export interface Inspection {
  /** Hosts to which there are requests now. */
  readonly hosts: readonly HostInspection[]
  /** Bodies that each worker sends now; the first of them is the engine's own thread. */
  readonly bodiesByWorker: readonly number[]
  /** Uploads that have not ended. */
  readonly uploads: readonly UploadInspection[]
}

/** What goes on with one host. */
export interface HostInspection {
  /** Such as `https://bucket.oss-cn-shanghai.aliyuncs.com`. */
  readonly origin: string
  /** Requests on their way. */
  readonly requests: number
  /** Those of them that send bytes of files. */
  readonly bodies: number
  /** As many of these are sent at a time now: fewer while the service asks for less. */
  readonly mostBodies: number
}

/** What goes on with one upload. */
export interface UploadInspection {
  /** Which one: `upload.localId`. */
  readonly localId: LocalId
  /** When its credentials end, in milliseconds since the epoch; undefined before the first, and for those without an end. */
  readonly credentialsEndAtMs: number | undefined
}

/**
 * What a part is doing: waiting for its turn, reading (nothing of it is sent yet), sending, retrying after a failure, done, or
 * done by an earlier page.
 */
export type PartStatus = 'waiting' | 'reading' | 'sending' | 'retrying' | 'done' | 'resumed'

/** What goes on with one part. */
export interface PartInspection {
  /** From 1. */
  readonly partNumber: number
  /** Its size in bytes. */
  readonly sizeBytes: number
  /** What it is doing. */
  readonly status: PartStatus
  /** Bytes on their way, or all of what is done. */
  readonly sentBytes: number
}
