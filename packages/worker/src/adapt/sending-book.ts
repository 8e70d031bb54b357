import { Outlasted } from '../network/outlasted.ts'
import { isThrottled } from '../retry/remedy.ts'
import { isUploadError } from '../protocol/errors.ts'
import { bodiesAtATime, moveSending, nextPartSize, startSending } from './sending-control.ts'
import type { SendingEvent, SendingState } from './sending-control.ts'
import type { BodySample } from './link-estimate.ts'

/** Bodies below this tell nothing of a link, in bytes: they fit into the buffers on the way. */
const LEAST_SAMPLE_BYTES = 1024 ** 2

/** What one body told of its way. */
export interface SentBody {
  readonly sizeBytes: number
  readonly sentAtMs: number
}

/** What is known of the ways to hosts, over all uploads of an engine. */
export interface SendingBook {
  bodiesAtATime(origin: string): number
  nextPartSize(origin: string, currentBytes: number): number
  /** A request without a body was answered. */
  answered(origin: string, tookMs: number): void
  stored(origin: string, body: SentBody, nowMs: number): void
  failed(origin: string, body: SentBody, error: unknown, nowMs: number): void
}

export function createSendingBook(mostBodies: number): SendingBook {
  const states = new Map<string, SendingState>()
  const stateOf = (origin: string): SendingState => states.get(origin) ?? startSending(mostBodies)
  const move = (origin: string, event: SendingEvent): void =>
    void states.set(origin, moveSending(stateOf(origin), event, mostBodies))

  return {
    bodiesAtATime: (origin) => bodiesAtATime(stateOf(origin)),
    nextPartSize: (origin, currentBytes) => nextPartSize(stateOf(origin), currentBytes),
    answered: (origin, tookMs) => move(origin, { type: 'answered', tookMs }),
    stored: (origin, body, nowMs) =>
      move(origin, { type: 'stored', sample: toSample(body, nowMs), sentAtMs: body.sentAtMs, nowMs }),
    failed(origin, { sentAtMs }, error, nowMs) {
      if (!isUploadError(error) || error instanceof Outlasted) return
      const isCongested = isThrottled(error) || error.code === 'TIMEOUT'
      if (isCongested) move(origin, { type: 'congested', sentAtMs, nowMs })
    },
  }
}

function toSample({ sizeBytes, sentAtMs }: SentBody, nowMs: number): BodySample | undefined {
  return sizeBytes < LEAST_SAMPLE_BYTES ? undefined : { sizeBytes, tookMs: nowMs - sentAtMs }
}
