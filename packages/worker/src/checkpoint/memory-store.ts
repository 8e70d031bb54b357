import type { CheckpointStore } from './checkpoint-store.ts'

/** Keeps checkpoints as long as the engine lives: for browsers without a database that can be used. */
export function createMemoryStore(): CheckpointStore {
  const records = new Map<string, unknown>()
  return {
    load: async (id) => records.get(id),
    save: async (id, checkpoint) => {
      records.set(id, checkpoint)
    },
    remove: async (id) => {
      records.delete(id)
    },
    entries: async () => [...records],
  }
}
