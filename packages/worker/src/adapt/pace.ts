/** How a speed limit is kept. */
export interface Pace {
  /** Most bodies on their way at a time, to all hosts. */
  readonly bodiesAtATime: number
  /** What each of them may take; undefined without a limit. */
  readonly bytesPerSecondEach: number | undefined
}

/**
 * Least speed of a body, in bytes per second: with fewer bodies each is faster, and a part that is under way for long is
 * much to lose.
 */
const LEAST_EACH = 512 * 1024

/** Shares a speed limit among as many bodies as make sense below it. */
export function choosePace(maxBytesPerSecond: number | undefined, mostBodies: number): Pace {
  if (maxBytesPerSecond === undefined) return { bodiesAtATime: Infinity, bytesPerSecondEach: undefined }
  const bodiesAtATime = Math.min(mostBodies, Math.max(1, Math.floor(maxBytesPerSecond / LEAST_EACH)))
  return { bodiesAtATime, bytesPerSecondEach: maxBytesPerSecond / bodiesAtATime }
}

/** How much longer a body keeps its turn, so that what it sent was not too fast, in milliseconds. */
export function restOfTurnMs({ bytesPerSecondEach }: Pace, sentBytes: number, tookMs: number): number {
  if (bytesPerSecondEach === undefined) return 0
  return Math.max(0, (sentBytes / bytesPerSecondEach) * 1000 - tookMs)
}

/** Limits of `x-oss-traffic-limit`, in bits per second. (OSS documentation, "Single-connection bandwidth throttling") */
const LEAST_TRAFFIC_LIMIT = 819_200
const MOST_TRAFFIC_LIMIT = 838_860_800

/**
 * The header that has the service take a body at its pace, rather than in a rush with a rest behind it; undefined where
 * there is no limit, or none that the service keeps.
 */
export function trafficLimitOf({ bytesPerSecondEach }: Pace): string | undefined {
  if (bytesPerSecondEach === undefined) return undefined
  const bitsPerSecond = Math.floor(bytesPerSecondEach * 8)
  const isKept = bitsPerSecond >= LEAST_TRAFFIC_LIMIT && bitsPerSecond <= MOST_TRAFFIC_LIMIT
  return isKept ? String(bitsPerSecond) : undefined
}
