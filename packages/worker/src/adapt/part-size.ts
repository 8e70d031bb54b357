import { MAX_PARTS } from '../oss/limits.ts'
import { DEFAULT_PART_SIZE_BYTES, leastPartSize } from '../plan/plan-parts.ts'
import type { BodySample } from './link-estimate.ts'

const MIB = 1024 ** 2

/** Sizes that are chosen by measurement, in bytes. */
const SMALLEST_BYTES = MIB
const LARGEST_BYTES = 32 * MIB

/**
 * Longest time that a part should take, in milliseconds: what is lost when the page dies or a connection breaks, and how
 * long the last parts of a file leave other connections idle. (our measurement at 50 Mbit/s, 80 ms, 0.1 % loss, where a
 * connection reaches 6 Mbit/s: 33 Mbit/s in parts of 2 MiB, 25 in parts of 8 MiB; six parts of 8 MiB that share 100 Mbit/s take
 * 4 s, and need not be smaller)
 */
const LONGEST_MS = 4500

/**
 * Shortest time that a part should take, in milliseconds. Beside its round trips a part costs 2.6 ms of processor time for its
 * two requests and its slices, whatever its size. (our measurement: docs/where-the-time-goes.md)
 */
const SHORTEST_MS = 500

/** A link on which even the smallest part takes longer has too many bodies on it, in milliseconds. */
const THIN_MS = 20_000

/** Largest share of a part's time that its round trips should take. */
const OVERHEAD_SHARE = 0.1

/** Size of the first parts over a way that is far, until its speed is known, in bytes. */
const FAR_START_BYTES = 2 * MIB

/**
 * A request without a body is two round trips, its preflight and itself, and so is what a part costs beside its bytes, since
 * browsers cache preflights by full URL. What takes less than this is near, or on this very machine when it is busy, in
 * milliseconds.
 */
const NEAR_MS = 100

/** What takes longer than this is far, in milliseconds. */
const FAR_MS = 120

/**
 * Chooses the size of the parts that are not yet planned: smaller where a part takes too long, larger where it is done in no
 * time, or where round trips take too much of its time. In halves and doubles, so that small changes of the link change nothing.
 *
 * @param bytesPerSecond of one body
 * @param controlMs how long the fastest request without a body took
 */
export function choosePartSize(currentBytes: number, bytesPerSecond: number, controlMs: number): number {
  const transferMs = (bytes: number): number => (bytes / bytesPerSecond) * 1000
  let chosen = currentBytes
  while (chosen > SMALLEST_BYTES && transferMs(chosen) > LONGEST_MS) chosen /= 2
  const isCostly = (): boolean =>
    transferMs(chosen) < SHORTEST_MS ||
    (controlMs >= NEAR_MS && controlMs > OVERHEAD_SHARE * transferMs(chosen))
  // Not so large that it would be made smaller again.
  while (chosen * 2 <= LARGEST_BYTES && isCostly() && transferMs(chosen * 2) <= LONGEST_MS) chosen *= 2
  return Math.ceil(chosen / MIB) * MIB
}

/** The size of the first parts, before any of them was measured, by the fastest request without a body so far. */
export function startPartSize(currentBytes: number, controlMs: number): number {
  return controlMs >= FAR_MS ? Math.min(currentBytes, FAR_START_BYTES) : currentBytes
}

/** Whether a link is too thin for as many bodies as share it: even the smallest parts take too long. */
export function isTooSlowForSmallest({ sizeBytes, tookMs }: BodySample): boolean {
  return sizeBytes <= SMALLEST_BYTES && tookMs > THIN_MS
}

/**
 * Keeps a chosen size within what the service allows. Parts that have grown become smaller towards the end of the file, so
 * that the connections come to their ends at about the same time.
 *
 * @param restBytes bytes that are not yet planned
 * @param plannedParts parts that are
 * @param parallelParts parts of the file that are under way, with this one
 */
export function fitPartSize(
  chosenBytes: number,
  restBytes: number,
  plannedParts: number,
  parallelParts: number,
): number {
  let fitting = chosenBytes
  while (fitting / 2 >= DEFAULT_PART_SIZE_BYTES && fitting * parallelParts > restBytes) fitting /= 2
  return Math.max(fitting, leastPartSize(restBytes, MAX_PARTS - plannedParts))
}
