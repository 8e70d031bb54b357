import type { Authorization } from './read-authorization.ts'

/**
 * When to renew: at a random moment between two thirds of the life and the lead before its end, so that browsers whose
 * credentials were made in the same second (a deadline, the end of an outage, a token that their server shares among
 * them) do not ask in the same second again. Never without an end. What has no refresh is used to its end, since what
 * was sent does not count after it.
 *
 * @param random from 0 to below 1
 */
export function renewalTime(
  { expiresAtMs, isRefreshable }: Pick<Authorization, 'expiresAtMs' | 'isRefreshable'>,
  nowMs: number,
  refreshLeadMs: number,
  random: number,
): number {
  if (expiresAtMs === undefined) return Infinity
  if (!isRefreshable) return expiresAtMs
  const thirdMs = (expiresAtMs - nowMs) / 3
  const leadMs = Math.min(refreshLeadMs, thirdMs)
  return expiresAtMs - thirdMs + random * (thirdMs - leadMs)
}

/**
 * When a renewal that failed is tried again while the old credentials hold: after half of the time that is left, more
 * or less by a half at random, so that those who failed together do not come back together.
 *
 * @param random from 0 to below 1
 */
export function nextRenewalTime(expiresAtMs: number, nowMs: number, random: number): number {
  return nowMs + (expiresAtMs - nowMs) * (0.25 + random / 2)
}
