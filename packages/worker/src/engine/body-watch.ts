import type { Clock } from '../clock/clock.ts'
import { wait } from '../clock/wait.ts'
import type { Network } from '../network/network.ts'
import { Outlasted } from '../network/outlasted.ts'

/** Watches the bodies on their way, and gives up connections that do not survive an outage. */
export interface BodyWatch {
  /**
   * Sends a body.
   *
   * @throws {Outlasted} when its connection was given up
   */
  send<T>(
    options: WatchedSend,
    send: (signal: AbortSignal, onProgress: (sentBytes: number) => void) => Promise<T>,
  ): Promise<T>
}

export interface WatchedSend {
  readonly origin: string
  readonly signal: AbortSignal
  readonly onProgress: (sentBytes: number) => void
}

/** How often is looked, in milliseconds. */
const LOOK_MS = 1000

/** When nothing to a host has moved for so long, it is asked whether it can be reached, in milliseconds. */
const QUIET_MS = 4000

/**
 * After an outage TCP may stay silent for as long as the outage was, since it repeats lost segments at doubling intervals
 * (RFC 6298, section 5.5). So when the host answers again and still nothing moves, so many bodies at a time are given up
 * and sent again by new connections: those with the fewest bytes on their way. The others may revive by themselves and
 * lose nothing. (our measurement over a link that goes away for 30 s every minute: 3 s of silence after it instead of 11 to
 * 17 s)
 */
const REVIVED_BODIES = 2

/** What has not moved for so long after an outage is given up, though others move, in milliseconds. */
const PATIENCE_MS = 10_000

/**
 * What was over sooner was no outage, but a probe that came late over a link that is busy, in milliseconds: such bodies are
 * slow, not stuck.
 */
const LEAST_OUTAGE_MS = 8000

/** A body on its way. */
interface Body {
  sentBytes: number
  movedAtMs: number
  readonly stuck: AbortController
}

interface Way {
  readonly bodies: Set<Body>
  /** When the last body was answered. */
  answeredAtMs: number
  /** Ends the watching when nothing is on its way. */
  readonly idle: AbortController
}

export function createBodyWatch(clock: Clock, network: Network): BodyWatch {
  const ways = new Map<string, Way>()

  const watch = async (origin: string, way: Way): Promise<void> => {
    const { bodies, idle } = way
    const movedAtMs = (): number =>
      Math.max(way.answeredAtMs, ...Array.from(bodies, (body) => body.movedAtMs))
    let askedAtMs = -Infinity
    let overAtMs = -Infinity
    let revivedAtMs = -Infinity
    for (;;) {
      await wait(clock, LOOK_MS, idle.signal)
      const stuck = [...bodies].filter((body) => body.movedAtMs < overAtMs)
      if (stuck.length === 0 && clock.now() - Math.max(movedAtMs(), askedAtMs) >= QUIET_MS) {
        const beganAtMs = clock.now()
        const isOver = await network.outlast(origin, idle.signal, 'watcher')
        askedAtMs = clock.now()
        if (isOver && askedAtMs - beganAtMs >= LEAST_OUTAGE_MS) overAtMs = askedAtMs
        continue
      }
      const nowMs = clock.now()
      const isQuiet = nowMs - Math.max(movedAtMs(), revivedAtMs) >= LOOK_MS
      for (const body of bodiesToRevive(stuck, isQuiet, nowMs - overAtMs)) {
        revivedAtMs = nowMs
        body.stuck.abort(new Outlasted())
      }
    }
  }

  const enter = (origin: string, body: Body): void => {
    const known = ways.get(origin)
    if (known !== undefined) return void known.bodies.add(body)
    const way: Way = { bodies: new Set([body]), answeredAtMs: -Infinity, idle: new AbortController() }
    ways.set(origin, way)
    // It ends only by the signal.
    watch(origin, way).catch(() => undefined)
  }

  const leave = (origin: string, body: Body): void => {
    const way = ways.get(origin)
    if (way === undefined) return
    way.answeredAtMs = clock.now()
    way.bodies.delete(body)
    if (way.bodies.size > 0) return
    ways.delete(origin)
    way.idle.abort()
  }

  return {
    async send({ origin, signal, onProgress }, send) {
      const body: Body = { sentBytes: 0, movedAtMs: clock.now(), stuck: new AbortController() }
      enter(origin, body)
      try {
        return await send(AbortSignal.any([signal, body.stuck.signal]), (sentBytes) => {
          body.sentBytes = sentBytes
          body.movedAtMs = clock.now()
          onProgress(sentBytes)
        })
      } finally {
        leave(origin, body)
      }
    },
  }
}

/**
 * Decides which of the bodies that have not moved since an outage are given up.
 *
 * @param isQuiet whether nothing else moves either
 */
export function bodiesToRevive<T extends { readonly sentBytes: number }>(
  stuck: readonly T[],
  isQuiet: boolean,
  sinceOutageMs: number,
): readonly T[] {
  if (sinceOutageMs >= PATIENCE_MS) return stuck
  return isQuiet ? stuck.toSorted((a, b) => a.sentBytes - b.sentBytes).slice(0, REVIVED_BODIES) : []
}
