import type { Clock } from '../clock/clock.ts'
import { isUploadError } from '../protocol/errors.ts'
import { decideRetry } from './retry-policy.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { wait } from '../clock/wait.ts'

export interface RetryPorts {
  readonly clock: Clock
  readonly random: () => number
}

/**
 * Attempts something until it succeeds, or until the policy gives up.
 *
 * @throws the error of the last attempt
 * @throws `signal.reason` when aborted, also in the middle of a wait
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  { clock, random }: RetryPorts,
  signal: AbortSignal,
  attemptOnce: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce()
    } catch (error) {
      signal.throwIfAborted()
      if (!isUploadError(error)) throw error
      const decision = decideRetry(policy, error, attempt, random())
      if (decision.action === 'giveUp') throw error
      await wait(clock, decision.delayMs, signal)
    }
  }
}
