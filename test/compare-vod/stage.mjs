import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOssServer } from '@sluice/oss-server'
import { createV4Signer } from '@sluice/worker'
import { openBarePage } from '../harness/bare-chromium.mjs'
import { keyPrefix, startApplication } from './application.mjs'

const BUCKET = 'sluice-compare'
const REGION = 'cn-hangzhou'
const MIB = 1024 ** 2

/** A run has come to its end when nothing was heard for so long: longer than a slow part takes. */
const QUIET_MS = 3500
/** How often page and service are looked at. */
const LOOK_EVERY_MS = 20
const GIVE_UP_MS = 60_000

/** Ways to the class, as the page calls them. */
export const SIDES = /** @type {const} */ (['incumbent', 'here'])

/**
 * One browser, one application and one service for one run of a scenario.
 *
 * @typedef {object} Stage
 * @property {() => Promise<void>} open opens the page, and adds the scenario's files
 * @property {(expression: string) => Promise<any>} page what the page answers to a call, such as `start()`
 * @property {import('@sluice/oss-server').OssServer['faults']} faults
 * @property {import('./application.mjs').Application['answer']} answer
 * @property {(name: string, what: string) => Promise<void>} heard until the page has noted something about a file
 * @property {(name: string, count: number) => Promise<void>} parts until so many parts of a file are stored, and told
 * @property {(name: string) => Promise<void>} opened until the service has opened an upload for a file
 * @property {(name: string) => Promise<void>} purge ends the uploads of a file, as a rule of the bucket does after days
 * @property {() => Promise<void>} quiet until nothing happens any more
 * @property {() => Promise<void>} reload
 * @property {() => Promise<void>} kill ends the browser as a crash does, and starts it again
 *
 * @typedef {object} Seen
 * @property {readonly import('./page/main.ts').Step[]} steps over all pages of the run
 * @property {import('./page/main.ts').PageReport['list']} list
 * @property {readonly string[]} strangers
 * @property {readonly string[]} cookies
 * @property {boolean} isBeforeUnloadTaken
 * @property {readonly StoredObject[]} objects
 * @property {readonly string[]} open names of files with a multipart upload that is still open
 * @property {Readonly<Record<string, number>>} requests that were answered well, by operation; parts are not counted
 * @property {boolean} sentAgain whether a part was stored that had been stored before, be it for another video
 *
 * @typedef {{ readonly name: string, readonly isWhole: boolean }} StoredObject
 */

/**
 * Plays a scenario once.
 *
 * @param {import('./scenarios/scenario.mjs').Scenario} scenario
 * @param {typeof SIDES[number]} side
 * @param {string} pageFolder
 * @returns {Promise<Seen>}
 */
export async function play(scenario, side, pageFolder) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-compare-'))
  const dir = path.join(folder, 'oss')
  const sources = await writeFiles(path.join(folder, 'files'), scenario.files)
  const oss = await createOssServer({ dir, port: 0, region: REGION, buckets: { [BUCKET]: {} } })
  const application = await startApplication({ pageFolder, oss, bucket: BUCKET, region: REGION })
  const url = `${application.url}/${side}/`
  const profile = path.join(folder, 'profile')
  let browser = await openBarePage(url, profile)
  /** @type {import('./page/main.ts').PageReport[]} pages that have ended */
  const reports = []
  /** @type {import('./page/main.ts').Step[]} what ended them */
  const ends = []
  /** @type {(string | null)[]} requests of the stage itself */
  const purgeIds = []

  const ask = (/** @type {string} */ expression) => browser.evaluate(`page.${expression}`)
  const log = () => readLog(dir)
  const uploadsOf = (/** @type {string} */ name) =>
    oss.listUploads(BUCKET).filter(({ key }) => key.startsWith(keyPrefix(name)))
  const untilThere = () =>
    until('the page', () => browser.evaluate(`'page' in globalThis`).catch(() => false))
  const add = async () => {
    await browser.setFiles('input', sources)
    await ask('add()')
  }

  /** @param {string} how */
  const endPage = async (how) => {
    reports.push(/** @type {import('./page/main.ts').PageReport} */ (await ask('report()')))
    ends.push({ what: how })
  }

  /** @type {Stage} */
  const stage = {
    async open() {
      await untilThere()
      await add()
    },
    page: ask,
    faults: oss.faults,
    answer: application.answer,
    heard: (name, what) =>
      until(`${what} of ${name}`, () => ask(`has(${JSON.stringify(what)}, ${JSON.stringify(name)})`)),
    parts: (name, count) =>
      until(`${count} parts of ${name}`, async () => {
        const [upload] = uploadsOf(name)
        if (upload === undefined || upload.parts.size < count) return false
        // The incumbent counts one part more than there are, until the object is there.
        const least = count / (Math.ceil((scenario.files[name] ?? 0) / MIB) + 1)
        return Number(await ask(`told(${JSON.stringify(name)})`)) >= least - Number.EPSILON
      }),
    opened: (name) => until(`an upload for ${name}`, async () => uploadsOf(name).length > 0),
    async purge(name) {
      for (const { key, uploadId } of uploadsOf(name)) purgeIds.push(await abort(oss, key, uploadId))
    },
    async quiet() {
      let news = ''
      let sinceMs = performance.now()
      await until('quiet', async () => {
        const latest = JSON.stringify([await ask('count()'), (await log()).length])
        if (latest !== news) sinceMs = performance.now()
        news = latest
        return performance.now() - sinceMs > QUIET_MS
      })
    },
    async reload() {
      await endPage('the page is reloaded')
      await browser.evaluate('delete globalThis.page')
      await browser.command('Page.reload')
      await untilThere()
      await add()
    },
    async kill() {
      await endPage('the browser is killed')
      await browser.kill()
      browser = await openBarePage(url, profile)
      await untilThere()
      await add()
    },
  }

  try {
    await scenario.play(stage)
    await stage.quiet()
    const last = /** @type {import('./page/main.ts').PageReport} */ (await ask('report()'))
    const all = [...reports, last]
    const entries = (await log()).filter(({ requestId }) => !purgeIds.includes(requestId))
    return {
      ...last,
      steps: all.flatMap(({ steps }, index) => [...steps, ...ends.slice(index, index + 1)]),
      strangers: all.flatMap(({ strangers }) => strangers),
      objects: await readObjects(dir, entries, sources),
      open: sources.map((file) => path.basename(file)).flatMap((name) => uploadsOf(name).map(() => name)),
      requests: countRequests(entries),
      sentAgain: isSentAgain(entries),
    }
  } catch (error) {
    throw new Error(`${scenario.id} on ${side}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  } finally {
    await browser.close()
    await application.close()
    await oss.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * @param {string} what for the message
 * @param {() => Promise<unknown>} look
 */
async function until(what, look) {
  const sinceMs = performance.now()
  while ((await look()) !== true) {
    if (performance.now() - sinceMs > GIVE_UP_MS) throw new Error(`Waited in vain for ${what}`)
    await sleep(LOOK_EVERY_MS)
  }
}

/**
 * @param {string} folder
 * @param {Readonly<Record<string, number>>} files
 */
async function writeFiles(folder, files) {
  await mkdir(folder, { recursive: true })
  const sources = Object.entries(files).map(([name, size]) => ({ file: path.join(folder, name), size }))
  await Promise.all(sources.map(({ file, size }) => writeFile(file, randomBytes(size))))
  return sources.map(({ file }) => file)
}

/**
 * @param {string} dir
 * @returns {Promise<readonly import('@sluice/oss-server').AccessLogEntry[]>}
 */
async function readLog(dir) {
  const text = await readFile(path.join(dir, 'access.jsonl'), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/**
 * @param {readonly import('@sluice/oss-server').AccessLogEntry[]} entries
 * @returns {Record<string, number>}
 */
function countRequests(entries) {
  /** @type {Record<string, number>} */
  const counts = {}
  for (const { op, status, bucket } of entries) {
    if (op === 'Preflight' || op === 'UploadPart' || bucket !== BUCKET || status < 200 || status > 299)
      continue
    counts[op] = (counts[op] ?? 0) + 1
  }
  return counts
}

/** @param {readonly import('@sluice/oss-server').AccessLogEntry[]} entries */
function isSentAgain(entries) {
  const stored = entries
    .filter(({ op, status }) => op === 'UploadPart' && status === 200)
    .map(({ key, partNumber }) => `${path.dirname(key)} ${partNumber}`)
  return new Set(stored).size < stored.length
}

/**
 * @param {string} dir
 * @param {readonly import('@sluice/oss-server').AccessLogEntry[]} entries
 * @param {readonly string[]} sources
 * @returns {Promise<readonly StoredObject[]>}
 */
async function readObjects(dir, entries, sources) {
  const keys = [...new Set(entries.map(({ key }) => key))].filter(Boolean).sort()
  const objects = []
  for (const source of sources) {
    const name = path.basename(source)
    const bytes = await readFile(source)
    for (const key of keys.filter((it) => it.startsWith(keyPrefix(name)))) {
      const stored = await readFile(path.join(dir, BUCKET, key)).catch(() => undefined)
      if (stored !== undefined) objects.push({ name, isWhole: stored.equals(bytes) })
    }
  }
  return objects
}

/**
 * @param {import('@sluice/oss-server').OssServer} oss
 * @param {string} key
 * @param {string} uploadId
 * @returns {Promise<string | null>} the id of the request
 */
async function abort(oss, key, uploadId) {
  const token = oss.issueToken({ ttlSeconds: 60, bucket: BUCKET, keys: [key] })
  const signer = await createV4Signer(token, REGION, new Date())
  const query = { uploadId }
  const request = { method: 'DELETE', bucket: BUCKET, key, query, headers: {} }
  const headers = await signer.signHeaders(request, new Date())
  const response = await fetch(`${oss.url}/${BUCKET}/${key}?${new URLSearchParams(query)}`, {
    method: 'DELETE',
    headers,
  })
  if (!response.ok) throw new Error(`Abort: ${response.status} ${await response.text()}`)
  return response.headers.get('x-oss-request-id')
}
