import { createLocalLocks } from './local-locks.ts'
import type { Locks } from './local-locks.ts'

/**
 * Web Locks, which all tabs of the origin see, and which end with the page that has them, however that ends. A page that
 * holds one is not frozen while it is hidden (Chrome 133, "Freezing on Energy Saver").
 *
 * Where there are none (an insecure context), or none are given (the user blocks storage, a sandboxed frame), uploads of
 * this page alone wait for each other: tabs that share no storage cannot go on with each other's uploads either.
 */
export function createWebLocks(): Locks {
  const local = createLocalLocks()
  return {
    async takeLock(name, onWait, signal) {
      if (navigator.locks === undefined) return local.takeLock(name, onWait, signal)
      signal.throwIfAborted()
      try {
        const atOnce = await request(name, { ifAvailable: true })
        if (atOnce !== undefined) return atOnce
      } catch (error) {
        if (isRefused(error)) return local.takeLock(name, onWait, signal)
        throw error
      }
      onWait()
      const later = await request(name, { signal })
      if (later === undefined) throw new Error(`No lock ${name}`)
      return later
    },
    async heldLocks() {
      if (navigator.locks === undefined) return local.heldLocks()
      try {
        const { held = [] } = await navigator.locks.query()
        return new Set(held.flatMap(({ name }) => name ?? []))
      } catch (error) {
        if (isRefused(error)) return local.heldLocks()
        throw error
      }
    },
  }
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

/** Whether Web Locks are refused altogether. */
function isRefused(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'SecurityError'
}
