import { createRandom } from './random.mjs'

/** @typedef {import('./plan-troubles.mjs').Trouble} Trouble */

/**
 * From when to when, in milliseconds since the epoch.
 *
 * @typedef {object} Span
 * @property {number} fromMs
 * @property {number} toMs
 */

/**
 * What really went wrong and when: the evidence for judging failures.
 *
 * @typedef {object} TroubleLog
 * @property {(Span & { readonly how: string })[]} outages
 * @property {Span[]} kills of workers
 * @property {Span[]} reloads of the page
 */

/** @returns {TroubleLog} */
export function createTroubleLog() {
  return { outages: [], kills: [], reloads: [] }
}

/**
 * @typedef {object} Stage where trouble is made
 * @property {import('./local-oss.mjs').LocalOss} oss
 * @property {import('./application.mjs').Application} application
 * @property {import('./page-driver.mjs').PageDriver} page
 * @property {() => Promise<void>} reload with all that it takes to go on afterwards
 * @property {number} seed
 */

/**
 * Makes the planned troubles at their times, each until its own end.
 *
 * @param {readonly Trouble[]} troubles in the order of their beginnings
 * @param {Stage} stage
 * @param {TroubleLog} log
 */
export function createTroubleMaker(troubles, stage, log) {
  const waiting = [...troubles]
  /** @type {{ readonly untilMs: number, readonly end: () => Promise<void> }[]} */
  let running = []

  const endDue = async (/** @type {number} */ nowMs) => {
    const due = running.filter(({ untilMs }) => untilMs <= nowMs)
    running = running.filter(({ untilMs }) => untilMs > nowMs)
    for (const { end } of due) await end()
  }

  return {
    /** @param {number} nowMs since the beginning of the run */
    async proceed(nowMs) {
      await endDue(nowMs)
      for (;;) {
        const [next] = waiting
        if (next === undefined || next.atMs > nowMs) return
        waiting.shift()
        running.push({ untilMs: nowMs + next.forMs, end: await begin(next, stage, log) })
      }
    },
    /** Ends all troubles at once; no further one begins. */
    async stop() {
      waiting.length = 0
      await endDue(Infinity)
      stage.oss.server.faults.clear()
    },
  }
}

/**
 * @param {Trouble} trouble
 * @param {Stage} stage
 * @param {TroubleLog} log
 * @returns {Promise<() => Promise<void>>} ends it
 */
async function begin(trouble, { oss, application, page, reload, seed }, log) {
  const nothing = async () => undefined
  switch (trouble.kind) {
    case 'fault': {
      const { id } = oss.server.faults.order(trouble.order)
      return async () => void oss.server.faults.cancel(id)
    }
    case 'outage': {
      const outage = { how: trouble.how, fromMs: Date.now(), toMs: Infinity }
      log.outages.push(outage)
      await oss.gate.shut(trouble.how)
      if (trouble.how === 'cut') {
        outage.toMs = outage.fromMs
        return nothing
      }
      return async () => {
        await oss.gate.open()
        outage.toMs = Date.now()
      }
    }
    case 'credentials': {
      const random = createRandom(seed, `credentials at ${trouble.atMs}`)
      application.trouble({ how: trouble.how, chance: () => random.chance(trouble.probability) })
      return async () => application.trouble(undefined)
    }
    case 'kill-worker':
      await record(log.kills, () => page.kill(trouble.which))
      return nothing
    case 'reload':
      await record(log.reloads, reload)
      return nothing
  }
}

/**
 * @param {Span[]} spans
 * @param {() => Promise<unknown>} act
 */
async function record(spans, act) {
  const span = { fromMs: Date.now(), toMs: Infinity }
  spans.push(span)
  await act()
  span.toMs = Date.now()
}
