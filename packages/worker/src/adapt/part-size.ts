import { MAX_PARTS } from '../oss/limits.ts'
import { leastPartSize } from '../plan/plan-parts.ts'
import type { BodySample, LinkEstimate } from './link-estimate.ts'

const MIB = 1024 ** 2

/** Sizes that are chosen by measurement, in bytes. */
const SMALLEST_BYTES = MIB
const LARGEST_BYTES = 32 * MIB

/** Longest time that a part should take, in milliseconds: what is lost when the page dies or the link breaks. */
const LONGEST_MS = 20_000

/** Largest share of a part's time that its round trips should take. */
const OVERHEAD_SHARE = 0.05

/** Round trips that each part pays: its preflight, since browsers cache preflights by full URL, and its answer. */
const ROUND_TRIPS = 2

/**
 * Chooses the size of the parts that are not yet planned, by half or double of what it is: smaller where a part takes so
 * long that much is lost with it, larger where round trips take too much of its time.
 */
export function choosePartSize(currentBytes: number, { bytesPerSecond, latencyMs }: LinkEstimate): number {
  const transferMs = (currentBytes / bytesPerSecond) * 1000
  if (transferMs > LONGEST_MS) return Math.max(Math.min(SMALLEST_BYTES, currentBytes), currentBytes / 2)
  const overheadMs = latencyMs * ROUND_TRIPS
  const isCostly = overheadMs > OVERHEAD_SHARE * (transferMs + overheadMs)
  // Not so large that it would be made smaller again.
  if (isCostly && transferMs * 2 <= LONGEST_MS)
    return Math.max(currentBytes, Math.min(LARGEST_BYTES, currentBytes * 2))
  return currentBytes
}

/** Whether a link is too thin for as many bodies as share it: even the smallest parts take too long. */
export function isTooSlowForSmallest({ sizeBytes, transferMs }: BodySample): boolean {
  return sizeBytes <= SMALLEST_BYTES && transferMs > LONGEST_MS
}

/**
 * Keeps a chosen size within what the service allows.
 *
 * @param restBytes bytes that are not yet planned
 * @param plannedParts parts that are
 */
export function fitPartSize(chosenBytes: number, restBytes: number, plannedParts: number): number {
  return Math.max(chosenBytes, leastPartSize(restBytes, MAX_PARTS - plannedParts))
}
