import { setTimeout as sleep } from 'node:timers/promises'
import { openBarePage } from '../harness/bare-chromium.mjs'

/** How often the page is asked whether it is there, in milliseconds. */
const LOOK_EVERY_MS = 20

/**
 * The page of the run, from outside.
 *
 * @typedef {object} PageDriver
 * @property {(life: import('./ledger.mjs').Life, actions: readonly import('./plan-files.mjs').PlannedAction[]) => Promise<void>} start
 * @property {() => Promise<readonly import('./page/reports.ts').Report[]>} take
 * @property {(which: 'newest' | 'oldest') => Promise<boolean>} kill
 * @property {() => Promise<void>} calm
 * @property {() => Promise<readonly (readonly [life: number, status: string])[]>} unended
 * @property {() => Promise<readonly string[]>} resumable
 * @property {() => Promise<void>} reload resolves when the new page is there
 * @property {() => Promise<void>} closeUploader
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} url
 * @returns {Promise<PageDriver>}
 */
export async function openPageDriver(url) {
  const page = await openBarePage(url)
  /** @param {string} expression */
  const call = (expression) => /** @type {Promise<any>} */ (page.evaluate(expression))

  /** @param {string | undefined} oldId */
  const untilThere = async (oldId) => {
    for (;;) {
      // While a page is replaced there may be nobody to answer.
      const id = await call('globalThis.chaos?.id').catch(() => undefined)
      if (id !== undefined && id !== oldId) return
      await sleep(LOOK_EVERY_MS)
    }
  }
  await untilThere(undefined)

  return {
    start: ({ number, file }, actions) =>
      call(`chaos.start(${number}, ${JSON.stringify(file)}, ${JSON.stringify(actions)})`),
    take: () => call('chaos.take()'),
    kill: (which) => call(`chaos.kill(${JSON.stringify(which)})`),
    calm: () => call('chaos.calm()'),
    unended: () => call('chaos.unended()'),
    resumable: () => call('chaos.resumable()'),
    async reload() {
      const id = await call('chaos.id')
      await call('void location.reload()').catch(() => undefined)
      await untilThere(id)
    },
    closeUploader: () => call('chaos.close()'),
    close: () => page.close(),
  }
}
