import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { keyPrefixOf, startApplication } from './application.mjs'
import { buildPage } from './build-page.mjs'
import { createLedger } from './ledger.mjs'
import { startLocalOss } from './local-oss.mjs'
import { createTroubleLog, createTroubleMaker } from './make-trouble.mjs'
import { openPageDriver } from './page-driver.mjs'
import { planFile } from './plan-files.mjs'
import { planTroubles } from './plan-troubles.mjs'

/** @typedef {import('./plan-files.mjs').PlannedFile} PlannedFile */
/** @typedef {import('./ledger.mjs').Life} Life */

/** Files that have no end yet, and their bytes, at most: with more, hung ones could not be told from slow ones. */
const MOST_FILES = 10
const MOST_BYTES = 96 * 1024 ** 2

/** An upload that has not ended so long after all troubles is hung, in milliseconds. */
const HUNG_AFTER_MS = 30_000

const LOOK_EVERY_MS = 50

/**
 * What a run leaves to be judged. The service still runs, so that it can be looked at.
 *
 * @typedef {object} Aftermath
 * @property {number} seed
 * @property {number} durationMs of the troubles
 * @property {import('./ledger.mjs').Ledger} ledger
 * @property {import('./make-trouble.mjs').TroubleLog} troubles
 * @property {import('./application.mjs').Application['denials']} denials
 * @property {import('./application.mjs').Application['owners']} owners
 * @property {readonly (Life & { readonly status: string })[]} hung
 * @property {readonly string[]} resumable files that the browser still has a checkpoint of
 * @property {import('./local-oss.mjs').LocalOss} oss
 * @property {() => Promise<void>} close
 */

/**
 * Uploads the planned files through the planned troubles, then lets everything end in peace, and gives what failed a
 * second try.
 *
 * @param {object} options
 * @param {number} options.seed
 * @param {number} options.durationMs
 * @param {string} options.folder for the page, the objects and the access log
 * @param {(words: string) => void} [options.tell] is told how far it is
 * @returns {Promise<Aftermath>}
 */
export async function runChaos({ seed, durationMs, folder, tell = () => undefined }) {
  const pageDir = path.join(folder, 'page')
  await mkdir(folder, { recursive: true })
  await buildPage(pageDir)
  const oss = await startLocalOss(path.join(folder, 'oss'))
  /** @type {Map<string, PlannedFile>} */
  const files = new Map()
  const application = await startApplication({
    pageDir,
    issue: oss.issue,
    fileOf(name) {
      const file = files.get(name)
      if (file === undefined) throw new Error(`There is no file ${name}`)
      return file
    },
  })
  const page = await openPageDriver(application.url)
  const ledger = createLedger()

  /** @type {(file: PlannedFile, phase: Life['phase'], actions: PlannedFile['actions']) => Promise<void>} */
  const hand = async (file, phase, actions) => {
    files.set(file.name, file)
    await page.start(ledger.begin(file, phase), actions)
  }
  const listen = async () => {
    for (const report of await page.take()) ledger.record(report)
  }
  /** @param {PlannedFile} next */
  const hasRoomFor = (next) => {
    const sizes = ledger.unended().map(({ file }) => file.sizeBytes)
    if (sizes.length >= MOST_FILES) return false
    return sizes.reduce((sum, size) => sum + size, next.sizeBytes) <= MOST_BYTES
  }
  const reload = async () => {
    await listen()
    const interrupted = ledger.interrupt()
    await page.reload()
    for (const { file } of interrupted) await hand(file, 'wild', [])
  }
  /** @type {Map<number, Life & { readonly status: string }>} */
  const hung = new Map()
  /** Waits until no upload is without an end, but for those that are hung. */
  const settle = async (calmSinceMs = 0) => {
    for (;;) {
      await listen()
      const rest = ledger.unended().filter(({ number }) => !hung.has(number))
      if (rest.length === 0) return
      const late = rest.filter((life) => Date.now() - Math.max(life.handedAtMs, calmSinceMs) > HUNG_AFTER_MS)
      const statuses = new Map(late.length > 0 ? await page.unended() : [])
      for (const life of late)
        hung.set(life.number, { ...life, status: statuses.get(life.number) ?? 'unknown' })
      await sleep(LOOK_EVERY_MS)
    }
  }

  const troubles = createTroubleLog()
  const maker = createTroubleMaker(
    planTroubles(seed, durationMs),
    { oss, application, page, reload, seed },
    troubles,
  )
  const startedMs = Date.now()
  for (let index = 0; Date.now() - startedMs < durationMs;) {
    await maker.proceed(Date.now() - startedMs)
    await listen()
    const file = planFile(seed, index)
    if (hasRoomFor(file)) {
      if (file.doom !== undefined) oss.server.faults.order(doomOrder(file))
      await hand(file, 'wild', file.actions)
      index += 1
      if (index % 100 === 0) tell(`${index} files, ${Math.round((Date.now() - startedMs) / 1000)} s`)
    } else {
      await sleep(LOOK_EVERY_MS)
    }
  }

  tell('No more troubles: waiting for the ends of all uploads')
  await maker.stop()
  await page.calm()
  await settle(Date.now())

  const again = ledger
    .last()
    .filter(({ end, cancelError }) => end?.kind === 'failed' || cancelError !== undefined)
  tell(`A second try for ${again.length} uploads`)
  for (const { file, cancelError } of again) {
    while (!hasRoomFor(file) && hung.size === 0) await settle()
    // What could not be taken off the server is found by the file: canceling it again takes it off.
    if (cancelError === undefined) await hand(file, 'second-try', [])
    else await hand(file, 'second-cancel', [{ kind: 'cancel', atShare: 0, forMs: 0 }])
  }
  await settle()

  const resumable = await page.resumable().catch((error) => [`unknown: ${String(error)}`])
  await Promise.race([page.closeUploader(), sleep(HUNG_AFTER_MS)])
  await page.close()
  await application.close()
  return {
    seed,
    durationMs,
    ledger,
    troubles,
    denials: application.denials,
    owners: application.owners,
    hung: [...hung.values()],
    resumable,
    oss,
    close: () => oss.close(),
  }
}

/**
 * The service refuses everything about a file for good.
 *
 * @param {PlannedFile} file
 * @returns {import('@sluice/oss-server').FaultOrder}
 */
function doomOrder(file) {
  const code = file.doom ?? 'AccessDenied'
  return {
    kind: 'status',
    status: code === 'AccessDenied' ? 403 : 400,
    code,
    keyPrefix: keyPrefixOf(file),
    times: 'always',
  }
}
