import { createUploader, isServiceError, isUploadError } from '@sluice/core'
import type { Upload, UploadStatus } from '@sluice/core'
import { makeFileBytes } from '../file-bytes.mjs'
import type { PlannedAction, PlannedFile } from '../plan-files.mjs'
import { createMortalWorkers } from './mortal-workers.ts'
import { report, reportStrays, takeReports } from './reports.ts'
import type { ErrorReport, Report } from './reports.ts'

/** What the run asks of the page. */
export interface ChaosPage {
  /** Another one after each reload. */
  readonly id: string
  /** Hands a file over; `life` names this upload of it in reports. */
  readonly start: (life: number, file: PlannedFile, actions: readonly PlannedAction[]) => void
  readonly take: () => readonly Report[]
  readonly kill: (which: 'newest' | 'oldest') => boolean
  /** Nothing more is done to uploads: whatever is paused goes on. */
  readonly calm: () => void
  /** Where the uploads stand that have no end. */
  readonly unended: () => readonly (readonly [life: number, status: UploadStatus])[]
  /** Names of the files that the uploader would go on with. */
  readonly resumable: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

declare global {
  var chaos: ChaosPage
}

/** How long a user looks at an upload that was paused by itself before resuming it. */
const RESUME_AFTER_MS = 1000

const workers = createMortalWorkers()
// Short limits, so that silence costs little; attempts and their waits are those that everybody has.
const uploader = createUploader({
  createWorker: workers.createWorker,
  maxWorkers: 3,
  stallTimeoutMs: 4000,
  requestTimeoutMs: 4000,
  completeTimeoutMs: 6000,
  credentialsTimeoutMs: 3000,
  async getCredentials({ reason, name, mediaId, signal }) {
    const body = JSON.stringify({ reason, name, mediaId })
    const answer = await fetch('/credentials', { method: 'POST', body, signal })
    if (!answer.ok) throw new Error(`the application answered ${answer.status}`)
    return answer.json()
  },
})
const unended = new Map<number, Upload>()
let isCalm = false

function start(life: number, file: PlannedFile, actions: readonly PlannedAction[]): void {
  const { name, sizeBytes, bytesSeed, partSizeBytes } = file
  const source = new File([makeFileBytes(bytesSeed, sizeBytes)], name, { type: 'video/mp4', lastModified: 1 })
  const upload = uploader.upload(source, partSizeBytes === undefined ? {} : { partSizeBytes })
  unended.set(life, upload)
  const end = (): void => void unended.delete(life)
  upload.result.then(
    (result) => {
      end()
      report({ type: 'succeeded', life, result })
    },
    (error: unknown) => {
      end()
      if (upload.state.status === 'canceled') report({ type: 'canceled', life })
      else report({ type: 'failed', life, error: toErrorReport(error) })
    },
  )
  upload.on('statechange', ({ to }) => {
    if (to.status !== 'paused') return
    report({ type: 'paused', life })
    // By itself, since credentials did not come: a user would resume it after a while.
    if (to.error !== undefined) setTimeout(upload.resume, RESUME_AFTER_MS)
  })
  for (const action of actions) plan(life, upload, action)
}

/** Does something to an upload once it has sent a share of its bytes. */
function plan(life: number, upload: Upload, action: PlannedAction): void {
  const wasCalm = isCalm
  const act = (): void => {
    if (isCalm !== wasCalm) return
    if (action.kind === 'cancel') {
      report({ type: 'cancel-called', life })
      upload.cancel().catch((error: unknown) => {
        report({ type: 'cancel-failed', life, error: toErrorReport(error) })
      })
    } else {
      upload.pause()
      setTimeout(upload.resume, action.forMs)
    }
  }
  if (action.atShare === 0) return act()
  const stop = upload.on('progress', ({ sentBytes, totalBytes }) => {
    if (sentBytes < totalBytes * action.atShare || totalBytes === 0) return
    stop()
    act()
  })
}

function toErrorReport(error: unknown): ErrorReport {
  const service = isServiceError(error) ? error : undefined
  const known = isUploadError(error) ? error : undefined
  return {
    name: error instanceof Error ? error.name : typeof error,
    code: known?.code ?? '',
    message: error instanceof Error ? error.message : String(error),
    status: service?.status,
    serviceCode: service?.serviceCode,
    requestId: service?.requestId,
    cause: error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined,
  }
}

reportStrays()
globalThis.chaos = {
  id: crypto.randomUUID(),
  start,
  take: takeReports,
  kill: workers.kill,
  calm() {
    isCalm = true
    for (const upload of unended.values()) upload.resume()
  },
  unended: () => [...unended].map(([life, upload]) => [life, upload.state.status] as const),
  resumable: async () => (await uploader.resumable()).map(({ name }) => name),
  close: uploader.close,
}
