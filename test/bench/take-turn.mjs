import { randomBytes } from 'node:crypto'

/** How often memory is looked at, in milliseconds. */
const SAMPLE_MS = 200
/** Longest time that a turn may take, in milliseconds. */
const LIMIT_MS = 600_000
/** Longest time until the first byte, in milliseconds. */
const FIRST_BYTE_LIMIT_MS = 20_000

/**
 * @typedef {import('../../packages/demo/dist/bench/results.js').Run} Run
 * @typedef {import('../../packages/demo/dist/bench/results.js').PageFigures} PageFigures
 * @typedef {import('../../packages/demo/dist/bench/service-count.js').ServiceFigures} ServiceFigures
 *
 * @typedef {object} Turn
 * @property {import('./workloads.mjs').Workload} workload
 * @property {readonly string[]} files
 * @property {string} contender
 * @property {number} round
 */

/**
 * One contender uploads the files, in a tab of its own and over new connections.
 *
 * @param {import('./open-stage.mjs').Stage} stage
 * @param {Turn} turn
 * @returns {Promise<Run>}
 */
export async function takeTurn(
  { browser, service, endpoint, restartLink },
  { workload, files, contender, round },
) {
  const tab = await openTab(browser)
  try {
    await tab.setFiles('[data-testid=bench-files]', files)
    const destination = {
      endpoint,
      bucket: 'benchmark',
      region: 'cn-shanghai',
      key: `${workload.content}/${randomBytes(6).toString('hex')}/`,
      accessKeyId: 'STS.benchmark',
      accessKeySecret: 'benchmark',
      securityToken: 'benchmark',
    }
    await tab.evaluate(`bench.prepare(${JSON.stringify(contender)}, ${JSON.stringify(destination)})`)
    // Not before: what the tab of the turn before has broken off is over by now.
    await restartLink?.()
    await service.ask({ start: { delayMs: workload.delayMs } })
    const idleCpu = await measureIdleCpu(browser)
    const sizeBytes = workload.count * workload.sizeBytes
    const run = () => /** @type {Promise<PageFigures>} */ (tab.evaluate(runExpression(LIMIT_MS)))
    const about = { workload: workload.id, contender, round, sizeBytes }
    if (workload.measures === 'start') {
      const firstByte = await awaitFirstByte(tab, service)
      return { ...about, ...firstByte, browserCpuSeconds: 0, memory: undefined }
    }
    const memory = workload.measures === 'memory' ? await watchMemory(browser) : undefined
    const cpu = await browser.cpuSeconds()
    const page = await run()
    const browserCpuSeconds = (await browser.cpuSeconds()) - cpu - (idleCpu * page.durationMs) / 1000
    const seen = /** @type {ServiceFigures} */ (await service.ask({}))
    const error = page.error ?? findLoss(seen, workload)
    const figures = { page: { ...page, error }, service: seen, browserCpuSeconds }
    return { ...about, ...figures, memory: await memory?.stop() }
  } finally {
    await tab.closeTab()
  }
}

/** @param {import('../harness/bare-chromium.mjs').BarePage} browser */
async function openTab(browser) {
  const tab = await browser.openTab()
  await tab.evaluate(`new Promise((resolve) => {
    const look = () => globalThis.bench ? resolve() : setTimeout(look, 20)
    look()
  })`)
  return tab
}

/**
 * A page that hangs has no figures but the time.
 *
 * @param {number} limitMs
 */
function runExpression(limitMs) {
  const nothing = {
    durationMs: limitMs,
    startedAtMs: 0,
    idleGapMs: 0,
    longestGapMs: 0,
    addingGapMs: 0,
    blockedMs: 0,
  }
  const late = { ...nothing, beacons: 0, error: `Not done after ${limitMs / 1000} s` }
  return `Promise.race([bench.run(), new Promise((resolve) => setTimeout(resolve, ${limitMs}, ${JSON.stringify(late)}))])`
}

/**
 * The page is ready and waits: what the browser takes now, it takes anyway.
 *
 * @param {import('../harness/bare-chromium.mjs').BarePage} browser
 * @returns {Promise<number>} seconds of processor time per second
 */
async function measureIdleCpu(browser) {
  const before = await browser.cpuSeconds()
  const startedMs = performance.now()
  await wait(500)
  return ((await browser.cpuSeconds()) - before) / ((performance.now() - startedMs) / 1000)
}

/**
 * What arrived must be what was sent: a contender that says it is done and is not has failed.
 *
 * @param {ServiceFigures} seen
 * @param {import('./workloads.mjs').Workload} workload
 */
function findLoss({ storedBytes, storedObjects }, { count, sizeBytes }) {
  if (storedBytes === count * sizeBytes && storedObjects === count) return undefined
  return `${storedObjects} objects of ${storedBytes} bytes were stored, not ${count} of ${count * sizeBytes}`
}

/**
 * Looks again and again, in a loop of its own.
 *
 * @param {import('../harness/bare-chromium.mjs').BarePage} browser
 */
async function watchMemory(browser) {
  const idleBytes = await browser.memoryBytes()
  let peakBytes = idleBytes
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      await wait(SAMPLE_MS)
      peakBytes = Math.max(peakBytes, await browser.memoryBytes())
    }
  })()
  return {
    async stop() {
      over.abort()
      await watching
      return { idleBytes, peakBytes }
    },
  }
}

/**
 * Starts the upload, and looks no further than to its first byte; closing the tab ends it.
 *
 * @param {import('../harness/bare-chromium.mjs').BarePage} tab
 * @param {import('../measure/links/helper.mjs').Helper} service
 * @returns {Promise<{ page: PageFigures, service: ServiceFigures }>}
 */
async function awaitFirstByte(tab, service) {
  const startedAtMs = Number(
    await tab.evaluate(`(() => {
      const now = Date.now()
      void bench.run().then((figures) => (globalThis.ended = figures))
      return now
    })()`),
  )
  const nothing = { idleGapMs: 0, longestGapMs: 0, addingGapMs: 0, blockedMs: 0, beacons: 0 }
  for (;;) {
    const seen = /** @type {ServiceFigures} */ (await service.ask({}))
    const durationMs = Date.now() - startedAtMs
    const page = { ...nothing, durationMs, startedAtMs, error: undefined }
    if (seen.firstByteAtMs !== undefined) return { page, service: seen }
    const ended = await tab.evaluate(
      `globalThis.ended?.error ?? (globalThis.ended ? 'Ended without a byte' : '')`,
    )
    if (ended !== '') return { page: { ...page, error: String(ended) }, service: seen }
    if (durationMs > FIRST_BYTE_LIMIT_MS)
      return { page: { ...page, error: 'No byte was sent' }, service: seen }
    await wait(20)
  }
}

/** @param {number} ms */
function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
