import type { Authorization } from '../credentials/read-authorization.ts'
import type { AddRequest } from '../protocol/engine-api.ts'
import type { UploadProgress, UploadState } from '../protocol/upload-state.ts'
import { confirmedBytes } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import { addSample, toProgress } from './speed-meter.ts'
import type { Sample } from './speed-meter.ts'

/** One upload in the engine's memory. */
export interface UploadJob {
  readonly request: AddRequest
  state: UploadState
  /** Credentials and destination; undefined until the application has given them. */
  authorization: Authorization | undefined
  /** The open upload on the service; undefined before Initiate and for small files. */
  multipart: MultipartUpload | undefined
  /** Bytes on their way, by part number. */
  readonly inFlight: Map<number, number>
  samples: readonly Sample[]
  /** What the page was last told. */
  reported: UploadProgress | undefined
  /** The run that sends now, and what stops it. */
  run: { readonly ended: Promise<void>; readonly controller: AbortController } | undefined
  /** Set once, so that cancelling twice is one cancel. */
  canceling: Promise<void> | undefined
}

export function createJob(request: AddRequest): UploadJob {
  return {
    request,
    state: { status: 'queued' },
    authorization: undefined,
    multipart: undefined,
    inFlight: new Map(),
    samples: [],
    reported: undefined,
    run: undefined,
    canceling: undefined,
  }
}

/** Measures where the upload is now. */
export function measure(job: UploadJob, nowMs: number): UploadProgress {
  const totalBytes = job.request.file.size
  const confirmed = job.multipart === undefined ? 0 : confirmedBytes(job.multipart)
  const inFlight = [...job.inFlight.values()].reduce((sum, bytes) => sum + bytes, 0)
  const sentBytes = job.state.status === 'succeeded' ? totalBytes : Math.min(confirmed + inFlight, totalBytes)
  job.samples = addSample(job.samples, { atMs: nowMs, sentBytes })
  return toProgress(job.samples, totalBytes)
}
