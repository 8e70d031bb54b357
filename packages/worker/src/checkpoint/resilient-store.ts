import type { Clock } from '../engine/ports.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { createMemoryStore } from './memory-store.ts'

/** Longest time that storage may take for one thing, in milliseconds: a database that is blocked never answers. */
const TIME_LIMIT_MS = 5000

/**
 * Uses storage as long as it works. At its first failure (blocked, full, missing in a private window, corrupt) it goes
 * over to memory for good and says so once: an upload must not fail for want of a place for its checkpoint.
 *
 * @param onDegraded is told why, once
 */
export function createResilientStore(
  storage: CheckpointStore,
  clock: Clock,
  onDegraded: (cause: unknown) => void,
): CheckpointStore {
  const memory = createMemoryStore()
  let current = storage

  const attempt = async <T>(action: (store: CheckpointStore) => Promise<T>): Promise<T> => {
    if (current === memory) return action(memory)
    try {
      return await withTimeLimit(action(storage), clock)
    } catch (error) {
      if (current !== memory) {
        current = memory
        onDegraded(error)
      }
      return action(memory)
    }
  }
  return {
    load: (id) => attempt((store) => store.load(id)),
    // Memory has each checkpoint as well, so that nothing confirmed is lost when storage fails later on.
    save: async (id, checkpoint) => {
      await memory.save(id, checkpoint)
      await attempt((store) => store.save(id, checkpoint))
    },
    remove: async (id) => {
      await memory.remove(id)
      await attempt((store) => store.remove(id))
    },
    entries: () => attempt((store) => store.entries()),
  }
}

function withTimeLimit<T>(action: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(TIME_LIMIT_MS, () => {
      reject(new Error(`The database did not answer within ${TIME_LIMIT_MS} ms`))
    })
    action.then(resolve, reject).finally(stop)
  })
}
