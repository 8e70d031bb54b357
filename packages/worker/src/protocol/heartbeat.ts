import type { Clock } from '../clock/clock.ts'

export interface HeartbeatOptions {
  /** Asks for a sign of life; resolves when there is one. Rejects or stays pending when there is none. */
  readonly ping: () => Promise<unknown>
  readonly clock: Pick<Clock, 'after'>
  /** Longest silence, in milliseconds. */
  readonly silenceTimeoutMs: number
  /** There was none for that long. Called once. */
  readonly onSilent: () => void
}

/** Into how many looks the longest silence is divided. */
const LOOKS = 6

/**
 * Watches whether a thread still answers: a worker that hangs, or that the browser has ended for want of memory, tells
 * nobody.
 *
 * Looks are counted, not the time between them, so that a machine that slept or a throttled timer is no silence.
 *
 * @returns stops watching
 */
export function watchHeartbeat({ ping, clock, silenceTimeoutMs, onSilent }: HeartbeatOptions): () => void {
  let isStopped = false
  let stopTimer = (): void => undefined
  let silentLooks = 0
  let isAnswered = true

  const look = (): void => {
    if (isStopped) return
    silentLooks = isAnswered ? 0 : silentLooks + 1
    if (silentLooks === LOOKS) return onSilent()
    if (isAnswered) {
      isAnswered = false
      ping().then(
        () => (isAnswered = true),
        () => undefined,
      )
    }
    stopTimer = clock.after(silenceTimeoutMs / LOOKS, look)
  }
  look()
  return () => {
    isStopped = true
    stopTimer()
  }
}
