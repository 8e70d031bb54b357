import type { HeldLocks, TakeLock } from './ports.ts'

/**
 * Takes a Web Lock, which all tabs of the origin see, and which ends with the page that has it, however that ends. A
 * page that holds one is not frozen while it is hidden (Chrome 133, "Freezing on Energy Saver").
 *
 * Where there are no Web Locks (an insecure context), or none are given (the user blocks storage, a sandboxed frame),
 * there is nothing to wait for: tabs that share no storage cannot go on with each other's uploads either.
 */
export const takeWebLock: TakeLock = async (name, onWait, signal) => {
  if (navigator.locks === undefined) return () => undefined
  signal.throwIfAborted()
  const atOnce = await request(name, { ifAvailable: true }).catch(unlessRefused(() => undefined))
  if (atOnce !== undefined) return atOnce
  onWait()
  const later = await request(name, { signal })
  if (later === undefined) throw new Error(`No lock ${name}`)
  return later
}

export const heldWebLocks: HeldLocks = async () => {
  const { held = [] } = (await navigator.locks?.query().catch(unlessRefused<LockManagerSnapshot>({}))) ?? {}
  return new Set(held.flatMap(({ name }) => name ?? []))
}

/** Holds the lock until the function that it answers is called; undefined when it is not available. */
function request(name: string, options: LockOptions): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, options, (lock) => {
        if (lock === null) return resolve(undefined)
        return new Promise<void>((release) => resolve(release))
      })
      .catch(reject)
  })
}

/** Answers something else where Web Locks are refused altogether. */
function unlessRefused<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof DOMException && error.name === 'SecurityError') return instead
    throw error
  }
}
