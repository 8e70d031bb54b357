import { setTimeout as delay } from 'node:timers/promises'

/** Waits, or until the signal; ends without an error either way. */
export async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs <= 0 || signal.aborted) return
  try {
    await delay(delayMs, undefined, { signal })
  } catch {
    // Only the signal ends it early, and that is no error here.
  }
}

/** Waits for the signal alone. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
