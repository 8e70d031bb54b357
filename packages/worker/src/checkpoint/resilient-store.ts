import type { Clock } from '../clock/clock.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { createMemoryStore } from './memory-store.ts'

/** Longest time that storage may take for one thing, in milliseconds: a database that is blocked never answers. */
const TIME_LIMIT_MS = 5000

/**
 * Keeps checkpoints in storage and in memory at the same time. Where storage fails (blocked, full, missing in a private
 * window, corrupt) memory serves, and that is said once: an upload must not fail for want of a place for its checkpoint.
 * What storage can still read or remove is not given up for one write that failed. Storage that does not answer in time
 * is not waited for again.
 *
 * @param onDegraded is told why, once
 */
export function createResilientStore(
  storage: CheckpointStore,
  clock: Clock,
  onDegraded: (cause: unknown) => void,
): CheckpointStore {
  const memory = createMemoryStore()
  /** What storage did not take: there memory is newer. */
  const unsaved = new Set<string>()
  let isSilent = false
  let isTold = false

  /** Answers undefined when storage fails. */
  const attempt = async <T>(action: () => Promise<T>): Promise<{ readonly value: T } | undefined> => {
    if (isSilent) return undefined
    try {
      return { value: await withTimeLimit(action(), clock) }
    } catch (error) {
      isSilent = error instanceof SilentStorage
      if (!isTold) onDegraded(error)
      isTold = true
      return undefined
    }
  }
  return {
    async load(id) {
      if (unsaved.has(id)) return memory.load(id)
      const stored = await attempt(() => storage.load(id))
      return stored === undefined ? memory.load(id) : stored.value
    },
    async save(id, checkpoint) {
      await memory.save(id, checkpoint)
      if ((await attempt(() => storage.save(id, checkpoint))) !== undefined) {
        unsaved.delete(id)
        return
      }
      unsaved.add(id)
      // What is stored is older: another page must not go on with it.
      await attempt(() => storage.remove(id))
    },
    async remove(id) {
      unsaved.delete(id)
      await memory.remove(id)
      await attempt(() => storage.remove(id))
    },
    async entries() {
      const kept = await memory.entries()
      const stored = await attempt(() => storage.entries())
      if (stored === undefined) return kept
      return [...stored.value.filter(([id]) => !unsaved.has(id)), ...kept.filter(([id]) => unsaved.has(id))]
    },
  }
}

class SilentStorage extends Error {}

function withTimeLimit<T>(action: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(TIME_LIMIT_MS, () => {
      reject(new SilentStorage(`The database did not answer within ${TIME_LIMIT_MS} ms`))
    })
    action.then(resolve, reject).finally(stop)
  })
}
