import { choosePace } from '../adapt/pace.ts'
import { createSendingBook } from '../adapt/sending-book.ts'
import { createCheckpointBook } from '../checkpoint/checkpoint-book.ts'
import { fingerprintKey } from '../checkpoint/fingerprint.ts'
import { createResilientStore } from '../checkpoint/resilient-store.ts'
import { RefreshFailed } from '../credentials/ask-again.ts'
import { untilAborted } from '../clock/wait.ts'
import type { AddRequest, EngineApi, EngineSettings, LocalId } from '../protocol/engine-api.ts'
import type { Inspection } from '../protocol/inspection.ts'
import { isEnded } from '../protocol/upload-state.ts'
import { settle, toWireError } from '../protocol/wire-error.ts'
import { createNetwork } from '../network/network.ts'
import { createRetryPolicies } from '../retry/retry-policy.ts'
import { createActivityBoard, waitingFor } from './activity.ts'
import { createAttempts } from './attempts.ts'
import { lockName } from './claim-file.ts'
import { chooseTurns } from './choose-turns.ts'
import { createBodyWatch } from './body-watch.ts'
import { createConnectionBudget } from './connection-budget.ts'
import {
  abortOnService,
  cancelOnService,
  discardOnService,
  forgetUpload,
  isWorthResuming,
  toFinalError,
} from './end-upload.ts'
import { sumBytes } from './multipart.ts'
import { createHidingBuckets } from './cors-rule.ts'
import { createOssClient } from './oss-client.ts'
import { partsAhead } from './parts-ahead.ts'
import { inspectParts } from './inspect-parts.ts'
import type { EnginePorts } from './ports.ts'
import type { SendContext, UploadMemory } from './send-context.ts'
import { sendFile } from './send-file.ts'
import { createServerClock } from './server-clock.ts'
import { phaseOf, transition } from './transition.ts'
import type { UploadEvent } from './transition.ts'
import { measure } from './upload-job.ts'
import type { UploadJob } from './upload-job.ts'
import { toWireState } from './to-wire-state.ts'

/** How often the page hears of progress, in milliseconds: at most ten times a second. */
const PROGRESS_INTERVAL_MS = 100

export interface Engine extends Omit<EngineApi, 'ping' | 'partWorkerLost' | 'inspect'> {
  inspect(): Omit<Inspection, 'bodiesByWorker'>
}

/**
 * The upload engine: queue, uploads, scheduling, credentials, checkpoints. All its effects are handed in, so that it is
 * the same in a worker, in the page and in Node.
 */
export function createEngine(settings: EngineSettings, ports: EnginePorts): Engine {
  const { clock, emit } = ports
  /** In the order of the queue. */
  const jobs = new Map<LocalId, UploadJob>()
  const serverClock = createServerClock(clock)
  const policies = createRetryPolicies(settings.maxAttempts)
  const sending = createSendingBook(Math.max(1, settings.connectionsPerHost - ports.spareConnections))
  const pace = choosePace(settings.maxBytesPerSecond, settings.connectionsPerHost)
  const budget = createConnectionBudget({
    perHost: settings.connectionsPerHost,
    bodiesPerOwner: settings.parallelParts,
    bodiesPerHost: (origin) => sending.bodiesAtATime(origin),
    bodiesInAll: pace.bodiesAtATime,
  })
  const checkpoints = createCheckpointBook({
    store: createResilientStore(ports.checkpoints, clock, (cause) => {
      emit({ type: 'degraded', cause: toWireError(cause) })
    }),
    clock,
    namespace: settings.namespace,
    maxAgeMs: settings.checkpointMaxAgeMs,
  })

  const hiding = createHidingBuckets(ports.pageOrigin, (message) => emit({ type: 'headers-hidden', message }))

  /** Moves an upload on and tells the page. Answers whether anything changed. */
  const dispatch = (job: UploadJob, event: UploadEvent): boolean => {
    const next = transition(job.state, event)
    if (next === job.state) return false
    job.state = next
    const progress = measure(job, clock.now())
    emit({ type: 'state', localId: job.request.localId, state: toWireState(next), progress })
    if (isEnded(next)) {
      jobs.delete(job.request.localId)
      job.memory.unlock?.()
    }
    return true
  }

  /** Sees whether all of an upload waits for something. */
  const watchActivity = (job: UploadJob): void => {
    const { activity, memory } = job.context
    const reason = waitingFor(activity.counts(), network.isDown(memory.origin))
    dispatch(job, reason === undefined ? { type: 'go' } : { type: 'hold', reason })
  }
  const network = createNetwork({
    ...ports,
    onChange: () => {
      for (const job of jobs.values()) watchActivity(job)
    },
  })

  const bodyWatch = createBodyWatch(clock, network)

  /** Those of one priority stay in the order in which they came. */
  const sortQueue = (): void => {
    const sorted = [...jobs].sort(([, one], [, other]) => other.priority - one.priority)
    jobs.clear()
    for (const [localId, job] of sorted) jobs.set(localId, job)
  }

  /** Uploads that have begun. */
  const active = new Set<UploadJob>()

  const schedule = (): void => {
    const { goOn, begin, ahead } = chooseTurns(active, jobs.values(), settings.parallelFiles)
    for (const job of goOn) job.onTurn?.()
    for (const job of begin) start(job, true)
    for (const job of ahead) start(job, false)
    reportProgress()
  }

  const start = (job: UploadJob, hasTurn: boolean): void => {
    const controller = new AbortController()
    job.hasTurn = hasTurn
    active.add(job)
    const ended = run(job, controller.signal).finally(() => {
      job.run = undefined
      job.hasTurn = false
      active.delete(job)
      schedule()
    })
    job.run = { ended, controller }
  }

  const run = async (job: UploadJob, signal: AbortSignal): Promise<void> => {
    dispatch(job, { type: 'start' })
    try {
      const result = await sendFile(job.context, signal)
      await forgetUpload(job.context)
      dispatch(job, { type: 'succeed', result })
    } catch (error) {
      // Whoever aborted has said what the upload is now.
      if (signal.aborted) return
      if (error instanceof RefreshFailed) {
        dispatch(job, { type: 'interrupt', error: error.cause })
        return
      }
      const final = toFinalError(error)
      // The first error is the one to tell; that cleaning up failed as well would only hide it.
      if (!isWorthResuming(final)) await abortOnService(job.context).catch(() => undefined)
      dispatch(job, { type: 'fail', error: final })
    } finally {
      // What is still being asked is for nobody.
      job.context.credentials.stop()
      job.bodies.clear()
    }
  }

  const cancel = async (job: UploadJob): Promise<void> => {
    // What is never cut off goes on to its end: a Complete that succeeds makes the upload succeed.
    job.run?.controller.abort(new Error('canceled'))
    job.context.credentials.stop()
    await job.run?.ended
    if (isEnded(job.state)) return
    try {
      await cancelOnService(job.context)
    } catch (error) {
      throw toFinalError(error)
    } finally {
      dispatch(job, { type: 'cancel' })
    }
  }

  const createJob = (request: AddRequest): UploadJob => {
    const { localId } = request
    const memory: UploadMemory = {
      fingerprint: undefined,
      unlock: undefined,
      isGranted: false,
      origin: undefined,
      credentialsEndAtMs: undefined,
      multipart: undefined,
    }
    const activity = createActivityBoard(() => watchActivity(job))
    const credentials = ports.createSource({
      clock,
      serverClock,
      random: ports.random,
      ask: (reason, mediaId, signal) => ports.getCredentials({ localId, reason, mediaId }, signal),
      askSignatures: (requests, mediaId, signal) =>
        ports.signRequests({ localId, mediaId, requests }, signal),
      ahead: (sent, count) => partsAhead(memory.multipart, sent, count),
      outlast: (signal) => activity.track('checking', () => network.outlast(memory.origin, signal)),
      onGrant: ({ mediaId, expiresAtMs }) => {
        memory.credentialsEndAtMs = expiresAtMs
        emit({ type: 'granted', localId, mediaId })
      },
      hold: (wait) => activity.track('credentials', wait),
    })
    const attempts = createAttempts({
      ...ports,
      policies,
      network,
      activity,
      onRetry: (error, attempt) => emit({ type: 'retry', localId, error: toWireError(error), attempt }),
      onRecover: () => emit({ type: 'retry-resume', localId }),
    })
    const context: SendContext = {
      request,
      settings,
      memory,
      client: createOssClient({
        owner: localId,
        settings,
        memory,
        credentials,
        budget,
        sending,
        pace,
        bodyWatch,
        serverClock,
        network,
        activity,
        attempts,
        ports,
        onStored: ({ response, authorization }) =>
          hiding.note(authorization.destination.bucket, response.headers),
      }),
      network,
      activity,
      sending,
      hiding,
      credentials,
      checkpoints,
      ports,
      onPhase: (phase) => {
        // Neither the time of a pause counts as slow sending, nor what an earlier page has sent as fast.
        if (phase === 'send') job.samples = []
        dispatch(job, { type: phase })
        // Who waits for another tab leaves its turn to the next.
        if (phase !== 'wait') return
        job.hasTurn = false
        schedule()
      },
      onBody: (partNumber, body) => {
        if (body === undefined) job.bodies.delete(partNumber)
        else job.bodies.set(partNumber, body)
      },
      takeTurn: async (signal) => {
        if (job.hasTurn) return
        const turn = new Promise<void>((resolve) => {
          job.onTurn = () => {
            job.onTurn = undefined
            job.hasTurn = true
            dispatch(job, { type: 'prepare' })
            resolve()
          }
          schedule()
        })
        await untilAborted(turn, signal).finally(() => {
          job.onTurn = undefined
        })
      },
      onRestart: (reason) => {
        dispatch(job, { type: 'prepare' })
        emit({ type: 'restart', localId, reason })
      },
    }
    const job: UploadJob = {
      request,
      memory,
      context,
      priority: request.priority,
      state: request.isPaused ? { status: 'paused', error: undefined } : { status: 'queued' },
      bodies: new Map(),
      samples: [],
      reported: undefined,
      run: undefined,
      hasTurn: false,
      onTurn: undefined,
      canceling: undefined,
    }
    return job
  }

  let ticking = false

  /** Ticks while anything runs: speed has to fall to 0 when nothing moves. */
  const reportProgress = (): void => {
    if (ticking) return
    ticking = true
    clock.after(PROGRESS_INTERVAL_MS, () => {
      ticking = false
      const running = [...active].filter(({ hasTurn }) => hasTurn)
      const nowMs = clock.now()
      const uploads = running.flatMap((job) => {
        const progress = measure(job, nowMs)
        const isNews =
          job.reported?.sentBytes !== progress.sentBytes ||
          job.reported.bytesPerSecond !== progress.bytesPerSecond
        job.reported = progress
        return isNews ? [[job.request.localId, progress] as const] : []
      })
      if (uploads.length > 0) emit({ type: 'progress', uploads })
      if (running.length > 0) reportProgress()
    })
  }

  return {
    add(requests) {
      for (const request of requests) {
        // A page repeats what it has not heard an answer to.
        if (!jobs.has(request.localId)) jobs.set(request.localId, createJob(request))
      }
      if ([...jobs.values()].some(({ priority }) => priority !== 0)) sortQueue()
      schedule()
    },
    setPriority(localId, priority) {
      const job = jobs.get(localId)
      if (job === undefined) return
      job.priority = priority
      sortQueue()
    },
    pause(localId) {
      const job = jobs.get(localId)
      if (job === undefined || phaseOf(job.state) === 'completing') return
      job.run?.controller.abort(new Error('paused'))
      job.context.credentials.stop()
      job.bodies.clear()
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
    inspect: () => ({
      hosts: budget.inspect(),
      uploads: [...jobs.values()].map(({ request: { localId }, memory: { credentialsEndAtMs } }) => ({
        localId,
        credentialsEndAtMs,
      })),
    }),
    parts(localId) {
      const job = jobs.get(localId)
      if (job === undefined) return []
      return inspectParts(job.memory.multipart, job.request.file.size, job.bodies)
    },
    discard: (request, id) =>
      settle(async () => {
        const listed = await checkpoints.list()
        const checkpoint = listed.find(({ fingerprint }) => fingerprintKey(fingerprint) === id)
        if (checkpoint === undefined) return
        await discardOnService(createJob(request).context, checkpoint).catch((error: unknown) => {
          throw toFinalError(error)
        })
      }),
    resumable: () =>
      settle(async () => {
        const held = await ports.heldLocks()
        const waiting = (await checkpoints.list()).filter(
          ({ fingerprint }) => !held.has(lockName({ settings }, fingerprint)),
        )
        return waiting.map(({ fingerprint, done, mediaId, createdAtMs, updatedAtMs, handle }) => ({
          id: fingerprintKey(fingerprint),
          name: fingerprint.name,
          sizeBytes: fingerprint.sizeBytes,
          lastModifiedMs: fingerprint.lastModifiedMs,
          doneBytes: sumBytes(done),
          mediaId,
          createdAtMs,
          updatedAtMs,
          handle,
        }))
      }),
  }
}
