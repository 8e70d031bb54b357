/**
 * What has to be undone, last things first.
 *
 * @typedef {object} Cleanup
 * @property {<T>(thing: T, undo: (thing: T) => unknown) => T} add
 * @property {() => Cleanup} scope one of its own, which this one includes
 * @property {() => Promise<void>} run may be called again; what fails does not keep the rest from being undone
 */

/** @returns {Cleanup} */
export function createCleanup() {
  /** @type {(() => unknown)[]} */
  const tasks = []
  return {
    add(thing, undo) {
      tasks.push(() => undo(thing))
      return thing
    },
    scope() {
      const inner = createCleanup()
      tasks.push(() => inner.run())
      return inner
    },
    async run() {
      for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
        try {
          await task()
        } catch (error) {
          console.error(error instanceof Error ? error.message : error)
        }
      }
    },
  }
}
