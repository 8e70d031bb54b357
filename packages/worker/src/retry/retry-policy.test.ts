import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ServiceError, UploadError } from '../protocol/errors.ts'
import { createRetryPolicies, decideRetry } from './retry-policy.ts'
import type { RetryPolicy } from './retry-policy.ts'

const policy: RetryPolicy = { maxAttempts: 5, baseDelayMs: 500, maxDelayMs: 3000 }
const refusal = (status: number, serviceCode = '', retryAfterMs?: number): ServiceError =>
  new ServiceError('x', { status, serviceCode, ec: '', requestId: '', serverTimeMs: undefined, retryAfterMs })

describe('decideRetry()', () => {
  const network = new UploadError('NETWORK', 'x')

  test.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [4, 3000],
  ])('waits after attempt %i up to %i ms', (attempt, limitMs) => {
    expect(decideRetry(policy, network, attempt, 0)).toEqual({ action: 'retry', delayMs: 0 })
    expect(decideRetry(policy, network, attempt, 0.5)).toEqual({ action: 'retry', delayMs: limitMs / 2 })
  })

  test('gives up after the last attempt', () => {
    expect(decideRetry(policy, network, 5, 0)).toEqual({ action: 'giveUp' })
  })

  test('gives up at once when it would only happen again', () => {
    expect(decideRetry(policy, refusal(403, 'AccessDenied'), 1, 0)).toEqual({ action: 'giveUp' })
  })

  test('waits as long as the service asks, whatever the dice say', () => {
    expect(decideRetry(policy, refusal(503, 'TotalQpsLimitExceeded', 7000), 1, 0.1)).toEqual({
      action: 'retry',
      delayMs: 7000,
    })
  })

  test('never waits less than nothing or more than the limit, for any policy', () => {
    fc.assert(
      fc.property(
        fc.record({
          maxAttempts: fc.integer({ min: 1, max: 50 }),
          baseDelayMs: fc.nat(60_000),
          maxDelayMs: fc.nat(60_000),
        }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (any, attempt, random) => {
          const decision = decideRetry(any, network, attempt, random)
          const delayMs = decision.action === 'retry' ? decision.delayMs : 0
          expect(delayMs).toBeGreaterThanOrEqual(0)
          expect(delayMs).toBeLessThanOrEqual(any.maxDelayMs)
          expect(decision.action === 'giveUp').toBe(attempt >= any.maxAttempts)
        },
      ),
    )
  })
})

test('a cleanup is attempted less often than what a file depends on', () => {
  const { body, complete, cleanup } = createRetryPolicies(6)
  expect(body.maxAttempts).toBe(6)
  expect(complete.maxAttempts).toBe(6)
  expect(cleanup.maxAttempts).toBe(3)
  expect(createRetryPolicies(1).cleanup.maxAttempts).toBe(1)
})
