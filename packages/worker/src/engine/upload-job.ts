import type { AddRequest } from '../protocol/engine-api.ts'
import type { UploadProgress, UploadState } from '../protocol/upload-state.ts'
import { bytesOnTheirWay } from './inspect-parts.ts'
import type { BodyOnItsWay } from './inspect-parts.ts'
import type { SendContext, UploadMemory } from './send-context.ts'
import { addSample, toProgress } from './speed-meter.ts'
import type { Sample } from './speed-meter.ts'

/** One upload in the engine's memory. */
export interface UploadJob {
  readonly request: AddRequest
  readonly memory: UploadMemory
  readonly context: SendContext
  /** Place in the queue: higher ones begin first. */
  priority: number
  state: UploadState
  /** What is on its way, by part number. */
  readonly bodies: Map<number, BodyOnItsWay>
  samples: readonly Sample[]
  /** What the page was last told. */
  reported: UploadProgress | undefined
  /** The run that sends now, and what stops it. */
  run: { readonly ended: Promise<void>; readonly controller: AbortController } | undefined
  /** Whether it is one of the files that are worked on; false while it is got ready ahead, or its file is locked. */
  hasTurn: boolean
  /** Goes on with what waits for its turn. */
  onTurn: (() => void) | undefined
  /** Set once, so that cancelling twice is one cancel. */
  canceling: Promise<void> | undefined
}

/** Measures where the upload is now. */
export function measure(job: UploadJob, nowMs: number): UploadProgress {
  const totalBytes = job.request.file.size
  const confirmed = job.memory.multipart?.recordedBytes ?? 0
  const inFlight = bytesOnTheirWay(job.bodies)
  const sentBytes = job.state.status === 'succeeded' ? totalBytes : Math.min(confirmed + inFlight, totalBytes)
  job.samples = addSample(job.samples, { atMs: nowMs, sentBytes })
  return toProgress(job.samples, totalBytes)
}
