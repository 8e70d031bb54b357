import { untilAborted } from '../clock/wait.ts'
import type { HeldLocks, TakeLock } from './ports.ts'

export interface Locks {
  readonly takeLock: TakeLock
  readonly heldLocks: HeldLocks
}

/** Locks that nobody outside sees. */
export function createLocalLocks(): Locks {
  const holders = new Map<string, Promise<void>>()
  return {
    async takeLock(name, onWait, signal) {
      signal.throwIfAborted()
      if (holders.has(name)) onWait()
      for (let holder = holders.get(name); holder !== undefined; holder = holders.get(name)) {
        await untilAborted(holder, signal)
      }
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      holders.set(name, held)
      return () => {
        if (holders.get(name) === held) holders.delete(name)
        release()
      }
    },
    heldLocks: async () => new Set(holders.keys()),
  }
}
