import { isSmall } from './claim-file.ts'
import type { UploadJob } from './upload-job.ts'

/** Whose turn it is now. */
export interface Turns {
  /** Wait for their turn in the middle: their file was locked, or they were got ready ahead. */
  readonly goOn: readonly UploadJob[]
  readonly begin: readonly UploadJob[]
  /** Are got ready, and then wait for their turn. */
  readonly ahead: readonly UploadJob[]
}

/**
 * Chooses who goes on and who begins. As many small files as may be sent at a time are got ready ahead (read, given
 * credentials), since that takes them as long as the sending: a connection would idle meanwhile.
 *
 * @param active uploads that have begun
 * @param jobs all, in the order of the queue
 */
export function chooseTurns(
  active: Iterable<UploadJob>,
  jobs: Iterable<UploadJob>,
  parallelFiles: number,
): Turns {
  const begun = [...active].filter((job) => !isLocked(job))
  const waiting = begun.filter(({ onTurn }) => onTurn !== undefined)
  const running = begun.filter(({ hasTurn }) => hasTurn)
  let free = Math.max(0, parallelFiles - running.length)
  const goOn = waiting.slice(0, free)
  free -= goOn.length
  let freeAhead = parallelFiles - (begun.length - running.length - goOn.length)

  const begin: UploadJob[] = []
  const ahead: UploadJob[] = []
  for (const job of jobs) {
    if (free <= 0 && freeAhead <= 0) break
    if (!isStartable(job)) continue
    if (free > 0) {
      begin.push(job)
      free -= 1
    } else if (isSmall(job.request)) {
      ahead.push(job)
      freeAhead -= 1
    } else {
      // Nobody overtakes a large one.
      break
    }
  }
  return { goOn, begin, ahead }
}

/** Who waits for another tab has left its turn to the next. */
function isLocked({ state, onTurn }: UploadJob): boolean {
  return state.status === 'waiting' && state.reason === 'locked' && onTurn === undefined
}

function isStartable({ run, state, canceling }: UploadJob): boolean {
  return state.status === 'queued' && run === undefined && canceling === undefined
}
