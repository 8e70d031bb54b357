import { createStore, del, entries, get, set } from 'idb-keyval'
import type { UseStore } from 'idb-keyval'
import type { CheckpointStore } from './checkpoint-store.ts'

/** Database of Sluice in an origin's IndexedDB. */
export const DATABASE_NAME = 'sluice'

/**
 * Keeps checkpoints in IndexedDB. The database is opened at the first use, and once more when something fails: WebKit loses
 * its connection to the database while a page is in the background ("Connection to Indexed Database server lost"), as do other
 * browsers when memory or disk run short, and an open database stays dead then.
 * (https://bugs.webkit.org/show_bug.cgi?id=201483, https://github.com/jakearchibald/idb-keyval/issues/165)
 *
 * A handle that the database refuses is left out, so that the checkpoint without it is kept: WebKit learned to clone handles
 * before it learned to store them.
 * (https://github.com/WebKit/WebKit/pull/63863, https://github.com/WebKit/WebKit/pull/64861)
 */
export function createIdbStore(databaseName: string = DATABASE_NAME): CheckpointStore {
  let opened: UseStore | undefined
  const store = (): UseStore => {
    if (globalThis.indexedDB === undefined) throw new Error('The browser has no IndexedDB')
    opened ??= createStore(databaseName, 'checkpoints')
    return opened
  }
  const use = async <T>(action: (on: UseStore) => Promise<T>): Promise<T> => {
    const first = store()
    try {
      return await action(first)
    } catch (error) {
      if (isRefused(error)) throw error
      // Another action may have opened it again.
      if (opened === first) opened = undefined
      return action(store())
    }
  }
  return {
    load: (id) => use((on) => get<unknown>(id, on)),
    save: (id, checkpoint) =>
      use((on) => set(id, checkpoint, on)).catch((error: unknown) => {
        if (!isRefused(error) || checkpoint.handle === undefined) throw error
        return use((on) => set(id, { ...checkpoint, handle: undefined }, on))
      }),
    remove: (id) => use((on) => del(id, on)),
    entries: () => use((on) => entries<string, unknown>(on)),
  }
}

/** Whether what was to be stored is at fault. */
function isRefused(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'DataCloneError'
}
