import { isUploadError, UploadError } from '@sluice/worker/protocol'
import type { EngineApi } from '@sluice/worker/protocol'
import type { Remote } from 'comlink'
import { openEngineLink } from './engine-link.ts'
import type { EngineLink, EngineLinkOptions } from './engine-link.ts'

/** Keeps an engine at hand, and starts another when it dies. */
export interface EngineHost {
  /**
   * Calls the engine; one that dies before it has answered is replaced, and the next is called.
   *
   * @throws {UploadError} `WORKER_FAILED`, `CLOSED`, or `WORKER_CRASHED` when no further one is started
   */
  call<T>(command: (engine: Remote<EngineApi>) => Promise<T>): Promise<T>
  /** Ends all workers. */
  close(): void
}

export interface EngineHostOptions extends Omit<EngineLinkOptions, 'onLost'> {
  /** The engine died: whatever it had has to be given to the next. Called before calls are repeated. */
  readonly onRestart: (error: UploadError) => void
  /** There is no engine any more, and none is started by itself. */
  readonly onLost: (error: UploadError) => void
}

/** More crashes than this within the window are no accident: the next engine would die of the same. */
const MAX_CRASHES = 3

/** The least window, in milliseconds; one that hangs takes its time to be noticed, which is counted in. */
const CRASH_WINDOW_MS = 60_000

export function createEngineHost({ onRestart, onLost, ...linkOptions }: EngineHostOptions): EngineHost {
  const windowMs = Math.max(CRASH_WINDOW_MS, (MAX_CRASHES + 2) * linkOptions.engine.silenceTimeoutMs)
  let isClosed = false
  let link: EngineLink | undefined
  let crashTimes: readonly number[] = []
  const replaced = new WeakSet<EngineLink>()

  const open = (): EngineLink => {
    const opened = openEngineLink({
      ...linkOptions,
      onLost(error) {
        link = undefined
        const nowMs = Date.now()
        crashTimes = [...crashTimes.filter((atMs) => atMs > nowMs - windowMs), nowMs]
        if (error.code !== 'WORKER_CRASHED' || crashTimes.length > MAX_CRASHES) return onLost(error)
        replaced.add(opened)
        onRestart(error)
      },
    })
    return opened
  }

  return {
    async call(command) {
      for (;;) {
        if (isClosed) throw new UploadError('CLOSED', 'The uploader is closed.')
        link ??= open()
        const current = link
        try {
          return await current.call(command)
        } catch (error) {
          const isReplaced = isUploadError(error) && error.code === 'WORKER_CRASHED' && replaced.has(current)
          if (!isReplaced) throw error
        }
      }
    },
    close() {
      isClosed = true
      link?.close()
      link = undefined
    },
  }
}
