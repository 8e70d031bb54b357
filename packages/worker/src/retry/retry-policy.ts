import { isServiceError } from '../protocol/errors.ts'
import type { UploadError } from '../protocol/errors.ts'
import { isTransient } from './transient.ts'

/** How often a request is attempted, and how long is waited before it is attempted again. Plain data. */
export interface RetryPolicy {
  /** Attempts of one request (of one part) in all, the first included. */
  readonly maxAttempts: number
  /** Longest wait before the second attempt, in milliseconds; it doubles with each further one. */
  readonly baseDelayMs: number
  /** Longest wait before any attempt, in milliseconds. */
  readonly maxDelayMs: number
}

export type RetryDecision =
  | { readonly action: 'retry'; readonly delayMs: number }
  | { readonly action: 'giveUp' }

/**
 * Decides whether a failed attempt is followed by another.
 *
 * The wait is random between nothing and an exponentially growing limit ("full jitter": Marc Brooker, "Exponential
 * Backoff And Jitter", AWS Architecture Blog, 2015), so that many parts do not come back at the same moment. What the
 * service asks for (`Retry-After`, `x-oss-qos-delay-time`) wins and is not jittered.
 *
 * @param attempt number of the attempt that failed, from 1
 * @param random from 0 to below 1
 */
export function decideRetry(
  policy: RetryPolicy,
  error: UploadError,
  attempt: number,
  random: number,
): RetryDecision {
  if (attempt >= policy.maxAttempts || !isTransient(error)) return { action: 'giveUp' }
  const asked = isServiceError(error) ? error.retryAfterMs : undefined
  if (asked !== undefined) return { action: 'retry', delayMs: asked }
  const limitMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1))
  return { action: 'retry', delayMs: random * limitMs }
}
