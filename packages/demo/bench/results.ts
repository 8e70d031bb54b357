import type { ServiceFigures } from './service-count.ts'

/** What the page itself saw of a run. */
export interface PageFigures {
  /** From the first `upload()` to the end of the last one. */
  readonly durationMs: number
  /** When the first file was handed over, in milliseconds since the epoch. */
  readonly startedAtMs: number
  /** Longest time that the page's thread answered nothing, while nothing was uploaded just before. */
  readonly idleGapMs: number
  /** The same during the run. */
  readonly longestGapMs: number
  /** The same while the files were handed over. */
  readonly addingGapMs: number
  /** What is over 50 ms of each such time, together: the page's blocked time. */
  readonly blockedMs: number
  /** Undefined when all files arrived. */
  readonly error: string | undefined
  /** Reports to hosts other than the storage's, which a contender sent by itself. */
  readonly beacons: number
}

/** One contender's turn. */
export interface Run {
  readonly workload: string
  readonly contender: string
  readonly round: number
  readonly sizeBytes: number
  readonly page: PageFigures
  readonly service: ServiceFigures
  /** Processor time of the browser's processes, without what they take when idle. */
  readonly browserCpuSeconds: number
  /** Proportional set size of the browser's processes. */
  readonly memory: { readonly idleBytes: number; readonly peakBytes: number } | undefined
}

/** A contender, or why it does not take part. */
export interface Entry {
  readonly id: string
  readonly name: string
  readonly skipped?: string | undefined
}
