import type { Clock } from '../clock/clock.ts'
import { wait } from '../clock/wait.ts'
import { UploadError } from '../protocol/errors.ts'
import { backoffMs } from '../retry/retry-policy.ts'
import type { RetryPolicy } from '../retry/retry-policy.ts'

/** The application did not give what a running upload needs; the upload can go on when it is asked again later. */
export class RefreshFailed extends Error {
  override readonly name = 'RefreshFailed'
  override readonly cause: UploadError

  constructor(cause: UploadError) {
    super(cause.message)
    this.cause = cause
  }
}

export interface AskAgainOptions {
  readonly clock: Clock
  readonly random: () => number
  /** Finds out whether the network is gone, and if so waits until it is back. */
  readonly outlast: (signal: AbortSignal) => Promise<boolean>
}

/** How often the application is asked on behalf of a running upload. */
export const ASKING: RetryPolicy = { maxAttempts: 3, baseDelayMs: 1000, maxDelayMs: 10_000 }

/**
 * Asks the application on behalf of a running upload, a few times. What an outage took is no attempt.
 *
 * @throws {RefreshFailed} when it did not answer as it should
 * @throws `signal.reason` when aborted
 */
export async function askAgain<T>(
  { clock, random, outlast }: AskAgainOptions,
  ask: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ;) {
    try {
      return await ask()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof UploadError)) throw error
      if (error.code === 'CREDENTIALS_FAILED' && (await outlast(signal))) continue
      if (attempt === ASKING.maxAttempts) throw new RefreshFailed(error)
      await wait(clock, backoffMs(ASKING, attempt, random()), signal)
      attempt += 1
    }
  }
}
