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
  let isSilent = false
  let isTold = false

  /** Answers undefined when storage fails. */
  const attempt = async <T>(action: () => Promise<T>): Promise<T | undefined> => {
    if (isSilent) return undefined
    try {
      return await withTimeLimit(action(), clock)
    } catch (error) {
      isSilent = error instanceof SilentStorage
      if (!isTold) onDegraded(error)
      isTold = true
      return undefined
    }
  }
  return {
    load: async (id) => (await memory.load(id)) ?? attempt(() => storage.load(id)),
    save: async (id, checkpoint) => {
      await memory.save(id, checkpoint)
      await attempt(() => storage.save(id, checkpoint))
    },
    remove: async (id) => {
      await memory.remove(id)
      await attempt(() => storage.remove(id))
    },
    entries: async () => [
      ...new Map([...((await attempt(() => storage.entries())) ?? []), ...(await memory.entries())]),
    ],
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
