import type { Clock } from '../clock/clock.ts'
import { wait } from '../clock/wait.ts'
import type { Network } from '../network/network.ts'

/** The request was on its way when the network went away, and did not move again when it was back. */
export class Outlasted extends Error {
  override readonly name = 'Outlasted'
}

/** After so long without progress the network is looked at, in milliseconds. */
const QUIET_MS = 10_000

/**
 * How long after an outage a connection has to move again, in milliseconds. TCP repeats lost segments at doubling
 * intervals (RFC 6298, section 5.5), so that after an outage it may stay silent for as long as the outage was.
 */
const GRACE_MS = 5_000

export interface WatchOptions {
  readonly origin: string
  readonly network: Network
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onProgress: (sentBytes: number) => void
}

/**
 * Sends a body, and gives its connection up when it does not survive an outage.
 *
 * @throws {Outlasted}
 */
export async function sendWatched<T>(
  { origin, network, clock, signal, onProgress }: WatchOptions,
  send: (signal: AbortSignal, onProgress: (sentBytes: number) => void) => Promise<T>,
): Promise<T> {
  const stuck = new AbortController()
  const ended = new AbortController()
  let movedAtMs = clock.now()

  const isQuietFor = async (durationMs: number): Promise<boolean> => {
    const sinceMs = clock.now()
    await wait(clock, durationMs, ended.signal)
    return movedAtMs <= sinceMs
  }
  const watch = async (): Promise<void> => {
    for (;;) {
      if (!(await isQuietFor(QUIET_MS))) continue
      if (!(await network.outlast(origin, ended.signal))) continue
      if (await isQuietFor(GRACE_MS)) stuck.abort(new Outlasted('The connection did not survive the outage'))
    }
  }
  // It ends only by the signal.
  watch().catch(() => undefined)
  try {
    return await send(AbortSignal.any([signal, stuck.signal]), (sentBytes) => {
      movedAtMs = clock.now()
      onProgress(sentBytes)
    })
  } finally {
    ended.abort()
  }
}
