import type { Clock } from './clock.ts'

/**
 * Waits. Can be cut short.
 *
 * @throws `signal.reason` when aborted
 */
export function wait(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const onAbort = (): void => {
      stop()
      reject(signal.reason)
    }
    const stop = clock.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

/**
 * Waits for a promise, but no longer than until the signal is aborted.
 *
 * @throws `signal.reason` when aborted
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** For what is never cut off. */
export const NEVER: AbortSignal = new AbortController().signal

/**
 * Runs something that may take no longer than a limit.
 *
 * @param limitMs longest time, in milliseconds
 * @param late makes the reason that its signal is aborted with when the time is over
 */
export async function within<T>(
  clock: Clock,
  limitMs: number,
  late: () => Error,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const stop = clock.after(limitMs, () => limit.abort(late()))
  try {
    return await run(limit.signal)
  } finally {
    stop()
  }
}
