import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { LOCAL_ACCESS_KEY } from '@sluice/oss-server'
import { openBarePage } from '../../harness/bare-chromium.mjs'
import { readCpu, shareBusy } from './cpu.mjs'
import { startHelper } from './helper.mjs'
import { openLink } from './open-link.mjs'

/**
 * @typedef {object} Order
 * @property {import('./catalogue.mjs').Link} link
 * @property {import('./contenders.mjs').Contender} contender
 * @property {number} round from 0
 * @property {string} tcp congestion control
 * @property {string} file
 * @property {number} sizeBytes
 * @property {string} pageFolder
 *
 * @typedef {object} Run
 * @property {string} link
 * @property {string} contender
 * @property {number} round
 * @property {number} sizeBytes
 * @property {number} durationMs from the call of the contender to its end
 * @property {string | undefined} error
 * @property {readonly (readonly [number, number])[]} progress milliseconds and bytes sent by then, as the sender says
 * @property {number} startedAtMs epoch: what the times of the log are counted from
 * @property {import('@sluice/oss-server').AccessLogEntry[]} log requests by their end
 * @property {number} peakConnections
 * @property {import('./open-link.mjs').LinkCounters} counters
 * @property {number} cpuBusy share of all cores
 */

/** A name, since buckets have hosts of their own, as on the real service, and ali-oss does without IP addresses. */
const HOST = 'oss.test'

const SERVICE = fileURLToPath(new URL('service.mjs', import.meta.url))
const PAGE_SERVER = fileURLToPath(new URL('page-server.mjs', import.meta.url))

/**
 * Sends the file once. Link, service and browser are new each time, so that no run finds connections that are warm,
 * a queue that is full, or preflights that are answered.
 *
 * @param {Order} order
 * @param {import('./cleanup.mjs').Cleanup} cleanup
 * @returns {Promise<Run>}
 */
export async function sendOnce({ link, contender, round, tcp, file, sizeBytes, pageFolder }, cleanup) {
  const open = cleanup.add(await openLink(tcp), (it) => it.close())
  const dataDir = cleanup.add(await mkdtemp(path.join(tmpdir(), 'sluice-link-')), (it) =>
    rm(it, { recursive: true, force: true }),
  )
  const service = await startHelper([...open.inServer, process.execPath, SERVICE, dataDir, open.serverIp])
  cleanup.add(service, (it) => it.stop())
  const pages = await startHelper([...open.inClient, process.execPath, PAGE_SERVER, pageFolder])
  cleanup.add(pages, (it) => it.stop())
  const page = await openBarePage(pages.ready.url, undefined, {
    wrapper: ['setsid', ...open.inClient],
    // All that the browser may connect to.
    switches: [`--host-resolver-rules=MAP *.${HOST} ${open.serverIp},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`],
  })
  const closePage = once(() => page.close())
  cleanup.add(closePage, (it) => it())
  await page.evaluate(`new Promise((resolve) => {
    const look = () => globalThis.send ? resolve() : setTimeout(look, 20)
    look()
  })`)
  await page.setFiles('input', [file])

  const endpoint = `http://${HOST}:${service.ready.port}`
  const target = { endpoint, bucket: 'media', key: 'file.bin', ...LOCAL_ACCESS_KEY }
  const limitMs = timeLimitMs(link, sizeBytes)
  await open.set(link, { seed: round + 1, skipS: firstPeriodSkipS(link, round) })
  const cpu = readCpu()
  const startedAtMs = Date.now()
  const { kind, options } = contender
  const call = `send(...${JSON.stringify([kind, target, options])})`
  const sent = /** @type {import('./page/main.ts').PageResult} */ (
    await page.evaluate(`Promise.race([${call}, new Promise((resolve) => setTimeout(resolve, ${limitMs},
      { durationMs: ${limitMs}, error: 'Not done after ${limitMs / 1000} s', progress: [] }))])`)
  )
  const cpuBusy = shareBusy(cpu, readCpu())
  const counters = await open.set({ ...link, lossPercent: 0, outage: undefined })
  const { peakConnections } = await service.ask({})
  await closePage()
  await service.stop()
  const text = await readFile(path.join(dataDir, 'access.jsonl'), 'utf8')
  const log = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const seen = { startedAtMs, log, peakConnections, counters, cpuBusy }
  return { link: link.name, contender: contender.name, round, sizeBytes, ...sent, ...seen }
}

/**
 * The rounds meet the outage at different points of the file.
 *
 * @param {import('./catalogue.mjs').Link} link
 * @param {number} round
 */
function firstPeriodSkipS({ outage }, round) {
  return outage === undefined ? 0 : (round % 3) * ((outage.everyS - outage.lastsS) / 3)
}

/**
 * @param {import('./catalogue.mjs').Link} link
 * @param {number} sizeBytes
 */
function timeLimitMs({ mbitPerSecond }, sizeBytes) {
  return Math.round(Math.max(240_000, ((sizeBytes * 8) / mbitPerSecond / 1000) * 10))
}

/** @param {() => Promise<void>} work */
function once(work) {
  /** @type {Promise<void> | undefined} */
  let done
  return () => (done ??= work())
}
