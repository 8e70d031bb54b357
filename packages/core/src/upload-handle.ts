import { fromWireState, isEnded, UploadError } from '@sluice/worker/protocol'
import type { UploadProgress, UploadResult, UploadState, WireUploadState } from '@sluice/worker/protocol'
import { createEmitter } from './emitter.ts'
import type { Emitter } from './emitter.ts'
import type { Upload, UploadEvents } from './upload.ts'

/** What a handle asks of its uploader. */
export interface UploadCommands {
  readonly parts: Upload['parts']
  readonly setPriority: Upload['setPriority']
  readonly pause: () => void
  readonly resume: () => void
  readonly cancel: () => Promise<void>
}

/** The uploader's side of an {@link Upload}. */
export interface UploadHandle {
  readonly upload: Upload
  setProgress(progress: UploadProgress): void
  setState(state: WireUploadState, progress: UploadProgress): void
  /** For what is no change of its state. */
  readonly emit: Emitter<UploadEvents>['emit']
  /** Its engine died: the next one has it in its queue. */
  requeue(): void
  /** Ends it from the page's side, when the engine cannot. */
  fail(error: UploadError): void
  /** The same for a cancel. */
  cancel(): void
}

export function createUploadHandle(
  {
    localId,
    file,
    name,
    signal,
  }: Pick<Upload, 'localId' | 'file' | 'name'> & { readonly signal: AbortSignal | undefined },
  commands: UploadCommands,
): UploadHandle {
  const { on, emit } = createEmitter<UploadEvents>()
  let state: UploadState = { status: 'queued' }
  // The first look at a picked file's size takes time, and is left to the hand-over.
  let progress: UploadProgress = { sentBytes: 0, totalBytes: 0, bytesPerSecond: 0, etaMs: undefined }
  let resolve: (result: UploadResult) => void
  let reject: (reason: unknown) => void
  const result = new Promise<UploadResult>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  result.catch(() => undefined)

  const onAbort = (): void => void commands.cancel().catch(() => undefined)
  signal?.addEventListener('abort', onAbort, { once: true })

  const moveTo = (next: UploadState): void => {
    const from = state
    state = next
    emit('statechange', { from, to: next })
    if (!isEnded(next)) return
    signal?.removeEventListener('abort', onAbort)
    if (next.status === 'succeeded') resolve(next.result)
    else if (next.status === 'failed') reject(next.error)
    else
      reject(
        signal?.aborted === true ? signal.reason : new UploadError('CANCELED', `"${name}" was canceled.`),
      )
  }
  const setProgress = (next: UploadProgress): void => {
    progress = next
    emit('progress', next)
  }

  return {
    upload: {
      localId,
      file,
      name,
      get state() {
        return state
      },
      get progress() {
        return progress
      },
      result,
      on,
      ...commands,
    },
    setProgress,
    setState(wire, at) {
      setProgress(at)
      moveTo(fromWireState(wire))
    },
    emit,
    requeue() {
      if (state.status !== 'queued') moveTo({ status: 'queued' })
    },
    fail(error) {
      if (!isEnded(state)) moveTo({ status: 'failed', error })
    },
    cancel() {
      if (!isEnded(state)) moveTo({ status: 'canceled' })
    },
  }
}
