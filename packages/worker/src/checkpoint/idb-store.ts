import { createStore, del, entries, get, set } from 'idb-keyval'
import type { CheckpointStore } from './checkpoint-store.ts'

/** Database of Sluice in an origin's IndexedDB. */
export const DATABASE_NAME = 'sluice'

/** Keeps checkpoints in IndexedDB. The database is opened at the first use. */
export function createIdbStore(databaseName: string = DATABASE_NAME): CheckpointStore {
  let opened: ReturnType<typeof createStore> | undefined
  const store = (): ReturnType<typeof createStore> => {
    if (globalThis.indexedDB === undefined) throw new Error('The browser has no IndexedDB')
    opened ??= createStore(databaseName, 'checkpoints')
    return opened
  }
  return {
    load: async (id) => get<unknown>(id, store()),
    save: async (id, checkpoint) => set(id, checkpoint, store()),
    remove: async (id) => del(id, store()),
    entries: async () => entries<string, unknown>(store()),
  }
}
