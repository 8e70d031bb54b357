import { isServiceError } from '../protocol/errors.ts'
import type { UploadError } from '../protocol/errors.ts'
import { remedyFor } from './remedy.ts'

/** How often a request is attempted, and how long is waited before it is attempted again. Plain data. */
export interface RetryPolicy {
  /** Attempts of one request (of one part) in all, the first included. */
  readonly maxAttempts: number
  /** Longest wait before the second attempt, in milliseconds; it doubles with each further one. */
  readonly baseDelayMs: number
  /** Longest wait before any attempt, in milliseconds. */
  readonly maxDelayMs: number
}

/**
 * Kinds of requests, as far as they are attempted differently.
 *
 * - `body`: file bytes, a part or a whole file.
 * - `query`: asks for what is there.
 * - `open`: opens an upload. Its answer tells what has to be cleaned up, so it is never cut off.
 * - `complete`: has the object put together. Never cut off either, and the service may still be at it.
 * - `cleanup`: takes something off the service while a person waits for it: a few attempts, and no waiting for a network
 *   that is gone.
 */
export type RequestKind = 'body' | 'query' | 'open' | 'complete' | 'cleanup'

export type RetryPolicies = Readonly<Record<RequestKind, RetryPolicy>>

/** Waits between attempts, in milliseconds: those of Alibaba Cloud's own SDKs, with a longer first one. */
const USUAL = { baseDelayMs: 500, maxDelayMs: 20_000 }

export function createRetryPolicies(maxAttempts: number): RetryPolicies {
  const usual = { ...USUAL, maxAttempts }
  return {
    body: usual,
    query: usual,
    open: usual,
    complete: { ...usual, baseDelayMs: 1000 },
    cleanup: { maxAttempts: Math.min(maxAttempts, 3), baseDelayMs: 500, maxDelayMs: 2000 },
  }
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
  if (attempt >= policy.maxAttempts || remedyFor(error) !== 'retry') return { action: 'giveUp' }
  const asked = isServiceError(error) ? error.retryAfterMs : undefined
  if (asked !== undefined) return { action: 'retry', delayMs: asked }
  return { action: 'retry', delayMs: backoffMs(policy, attempt, random) }
}

/** A random wait between nothing and a limit that doubles with each failure. */
export function backoffMs(
  { baseDelayMs, maxDelayMs }: Pick<RetryPolicy, 'baseDelayMs' | 'maxDelayMs'>,
  failures: number,
  random: number,
): number {
  return random * Math.min(maxDelayMs, baseDelayMs * 2 ** (failures - 1))
}
