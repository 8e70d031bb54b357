import { readAuthorization } from '../credentials/read-authorization.ts'
import { abortMultipartUpload } from '../oss/operations.ts'
import { createV1Signer } from '../oss/sign/v1.ts'
import { createV4Signer } from '../oss/sign/v4.ts'
import type {
  AddRequest,
  EngineApi,
  EngineSettings,
  LocalId,
  WireUploadState,
} from '../protocol/engine-api.ts'
import { isServiceError } from '../protocol/errors.ts'
import { isEnded } from '../protocol/upload-state.ts'
import type { UploadState } from '../protocol/upload-state.ts'
import { settle, toUploadError, toWireError } from '../protocol/wire-error.ts'
import { createConnectionBudget } from './connection-budget.ts'
import { createOssClient } from './oss-client.ts'
import type { OssClient } from './oss-client.ts'
import type { EnginePorts } from './ports.ts'
import { NEVER } from './send-context.ts'
import type { Connection } from './send-context.ts'
import { sendFile } from './send-file.ts'
import { transition } from './transition.ts'
import type { UploadEvent } from './transition.ts'
import { createJob, measure } from './upload-job.ts'
import type { UploadJob } from './upload-job.ts'

/** How often the page hears of progress, in milliseconds: at most ten times a second. */
const PROGRESS_INTERVAL_MS = 100

export type Engine = Omit<EngineApi, 'partWorkerLost'>

/**
 * The upload engine: queue, uploads, scheduling, credentials. All its effects are handed in, so that it is the same
 * in a worker, in the page and in Node.
 */
export function createEngine(settings: EngineSettings, ports: EnginePorts): Engine {
  const jobs = new Map<LocalId, UploadJob>()
  const budget = createConnectionBudget({
    perHost: settings.connectionsPerHost,
    partsPerOwner: settings.parallelParts,
  })

  /** Moves an upload on and tells the page. Answers whether anything changed. */
  const dispatch = (job: UploadJob, event: UploadEvent): boolean => {
    const next = transition(job.state, event)
    if (next === job.state) return false
    job.state = next
    const progress = measure(job, ports.clock.now())
    ports.emit({ type: 'state', localId: job.request.localId, state: toWireState(next), progress })
    if (isEnded(next)) jobs.delete(job.request.localId)
    return true
  }

  const schedule = (): void => {
    const running = [...jobs.values()].filter((job) => job.run !== undefined)
    const startable = [...jobs.values()].filter(
      ({ state, run, canceling }) =>
        state.status === 'queued' && run === undefined && canceling === undefined,
    )
    for (const job of startable.slice(0, Math.max(0, settings.parallelFiles - running.length))) start(job)
    reportProgress()
  }

  const start = (job: UploadJob): void => {
    const controller = new AbortController()
    // The time of a pause would count as slow sending.
    job.samples = []
    const ended = run(job, controller.signal).finally(() => {
      job.run = undefined
      schedule()
    })
    job.run = { ended, controller }
  }

  const run = async (job: UploadJob, signal: AbortSignal): Promise<void> => {
    dispatch(job, { type: 'start' })
    try {
      const result = await sendFile(
        {
          request: job.request,
          settings,
          connect: (connectSignal) => connect(job, connectSignal),
          multipart: () => job.multipart,
          keep: (multipart) => {
            job.multipart = multipart
          },
          onPhase: (phase) => dispatch(job, { type: phase }),
          onInFlight: (partNumber, sentBytes) => job.inFlight.set(partNumber, sentBytes),
        },
        signal,
      )
      dispatch(job, { type: 'succeed', result })
    } catch (error) {
      // Whoever aborted has said what the upload is now.
      if (signal.aborted) return
      // The first error is the one to tell; that cleaning up failed as well would only hide it.
      await abortOnService(job).catch(() => undefined)
      dispatch(job, { type: 'fail', error: toUploadError(error) })
    } finally {
      job.inFlight.clear()
    }
  }

  const connect = async (job: UploadJob, signal: AbortSignal): Promise<Connection> => {
    job.authorization ??= readAuthorization(
      await ports.getCredentials({ localId: job.request.localId, reason: 'create' }, signal),
      ports.clock.now(),
    )
    return { client: await clientOf(job), mediaId: job.authorization.mediaId }
  }

  const abortOnService = async (job: UploadJob): Promise<void> => {
    const { multipart, authorization } = job
    if (multipart === undefined || authorization === undefined) return
    const request = abortMultipartUpload(authorization.destination.key, multipart.uploadId)
    const client = await clientOf(job)
    await client
      .call(request, undefined, {
        what: 'AbortMultipartUpload',
        signal: NEVER,
        idleTimeoutMs: settings.requestTimeoutMs,
      })
      .catch((error: unknown) => {
        // Gone already is what was wanted.
        if (!isServiceError(error) || error.status !== 404) throw error
      })
    job.multipart = undefined
  }

  const cancel = async (job: UploadJob): Promise<void> => {
    if (job.state.status !== 'completing') job.run?.controller.abort(new Error('canceled'))
    await job.run?.ended
    if (isEnded(job.state)) return
    try {
      await abortOnService(job)
    } finally {
      dispatch(job, { type: 'cancel' })
    }
  }

  let ticking = false

  /** Ticks while anything runs: speed has to fall to 0 when nothing moves. */
  const reportProgress = (): void => {
    if (ticking) return
    ticking = true
    ports.clock.after(PROGRESS_INTERVAL_MS, () => {
      ticking = false
      const running = [...jobs.values()].filter((job) => job.run !== undefined)
      const nowMs = ports.clock.now()
      const uploads = running.flatMap((job) => {
        const progress = measure(job, nowMs)
        const isNews =
          job.reported?.sentBytes !== progress.sentBytes ||
          job.reported.bytesPerSecond !== progress.bytesPerSecond
        job.reported = progress
        return isNews ? [[job.request.localId, progress] as const] : []
      })
      if (uploads.length > 0) ports.emit({ type: 'progress', uploads })
      if (running.length > 0) reportProgress()
    })
  }

  return {
    add(request: AddRequest) {
      const job = createJob(request)
      jobs.set(request.localId, job)
      schedule()
    },
    pause(localId) {
      const job = jobs.get(localId)
      if (job === undefined || job.state.status === 'completing') return
      job.run?.controller.abort(new Error('paused'))
      job.inFlight.clear()
      dispatch(job, { type: 'pause' })
    },
    resume(localId) {
      const job = jobs.get(localId)
      if (job !== undefined && dispatch(job, { type: 'resume' })) schedule()
    },
    async cancel(localId) {
      const job = jobs.get(localId)
      if (job === undefined) return { ok: true, value: undefined }
      return settle(() => (job.canceling ??= cancel(job)))
    },
  }

  async function clientOf(job: UploadJob): Promise<OssClient> {
    if (job.authorization === undefined) throw new Error('No credentials yet')
    const { credentials, destination } = job.authorization
    const signer =
      settings.signatureVersion === 'v4'
        ? await createV4Signer(credentials, destination.region)
        : await createV1Signer(credentials)
    return createOssClient(job.request.localId, destination, signer, budget, ports)
  }
}

function toWireState(state: UploadState): WireUploadState {
  return state.status === 'failed' ? { status: 'failed', error: toWireError(state.error) } : state
}
