import { addBodySample, speedOfBody } from './link-estimate.ts'
import type { BodySample } from './link-estimate.ts'
import { lowerParallel, raiseParallel, startParallel } from './parallel-limit.ts'
import type { ParallelLimit } from './parallel-limit.ts'
import { choosePartSize, isTooSlowForSmallest, startPartSize } from './part-size.ts'

/** What is known of the way to one host, and what follows from it. Moved by {@link moveSending}. */
export interface SendingState {
  readonly parallel: ParallelLimit
  readonly samples: readonly BodySample[]
  /** How long the fastest request without a body took, in milliseconds; undefined before the first. */
  readonly controlMs: number | undefined
}

export type SendingEvent =
  /** A request without a body was answered. */
  | { readonly type: 'answered'; readonly tookMs: number }
  | {
      readonly type: 'stored'
      /** Undefined for a body that is too small to tell anything. */
      readonly sample: BodySample | undefined
      readonly sentAtMs: number
      readonly nowMs: number
    }
  /** The service asked for less, or a body made no progress for its time limit. */
  | { readonly type: 'congested'; readonly sentAtMs: number; readonly nowMs: number }

export function startSending(mostBodies: number): SendingState {
  return { parallel: startParallel(mostBodies), samples: [], controlMs: undefined }
}

/** The one function that moves what is known of a way. */
export function moveSending(state: SendingState, event: SendingEvent, mostBodies: number): SendingState {
  if (event.type === 'answered')
    return { ...state, controlMs: Math.min(state.controlMs ?? Infinity, event.tookMs) }
  const { sentAtMs, nowMs } = event
  const sample = event.type === 'stored' ? event.sample : undefined
  const isTooSlow = sample !== undefined && isTooSlowForSmallest(sample)
  const parallel =
    event.type === 'congested' || isTooSlow
      ? lowerParallel(state.parallel, sentAtMs, nowMs)
      : raiseParallel(state.parallel, mostBodies)
  const samples = sample === undefined ? state.samples : addBodySample(state.samples, sample)
  return { ...state, parallel, samples }
}

/** How many bodies may be on their way now. */
export function bodiesAtATime({ parallel }: SendingState): number {
  return Math.floor(parallel.limit)
}

/** The size of the next part of an upload whose last planned part has a size. */
export function nextPartSize({ samples, controlMs }: SendingState, currentBytes: number): number {
  if (controlMs === undefined) return currentBytes
  const bytesPerSecond = speedOfBody(samples)
  return bytesPerSecond === undefined
    ? startPartSize(currentBytes, controlMs)
    : choosePartSize(currentBytes, bytesPerSecond, controlMs)
}
