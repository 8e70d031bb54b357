import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'

const MIB = 1024 ** 2
/** One that is sent in parts, and one that is sent as a whole, in bytes. */
const FILES = { 'film.mp4': 20 * MIB, 'note.txt': MIB / 2 }
/** How long a page may take to be ready, and for one upload, in milliseconds. */
const PAGE_LIMIT_MS = 60_000

/**
 * What was seen in the browser.
 *
 * @typedef {object} Seen
 * @property {readonly string[]} workers paths of the worker scripts; `blob:` for one that has none
 * @property {number} pageBytes scripts that the page loaded, as they are before compression
 * @property {number} workerBytes scripts that a worker loaded
 */

/**
 * Opens a page, and has it upload the files.
 *
 * @param {object} options
 * @param {import('playwright').Browser} options.browser
 * @param {string} options.url
 * @param {string} options.folder for the files
 * @param {import('./service.mjs').Service} options.service
 * @returns {Promise<Seen>}
 * @throws when anything is not as it should be, with what the browser complained of
 */
export async function uploadFrom({ browser, url, folder, service }) {
  const page = await browser.newPage()
  page.setDefaultTimeout(PAGE_LIMIT_MS)
  const watch = watchPage(page, url)
  try {
    await page.goto(`${url}?authorize=${encodeURIComponent(service.authorizeUrl)}`)
    const output = page.locator('output')
    await output.filter({ hasText: 'Ready' }).waitFor()
    for (const [name, sizeBytes] of Object.entries(FILES)) {
      const bytes = randomBytes(sizeBytes)
      const file = path.join(folder, name)
      await writeFile(file, bytes)
      await page.locator('input').setInputFiles(file)
      await output.filter({ hasText: new RegExp(`^(Stored|Failed) ${name}`) }).waitFor()
      const text = (await output.textContent()) ?? ''
      const key = / as (.*)$/.exec(text)?.[1]
      if (!text.startsWith('Stored') || key === undefined) throw new Error(text)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      if ((await service.sha256(key)) !== sha256)
        throw new Error(`what is stored of ${name} differs from the file`)
      const parts = await service.countParts(key)
      if (parts > 1 !== sizeBytes > MIB) throw new Error(`${name} was sent in ${parts} parts`)
    }
    const seen = await watch.sum()
    if (watch.complaints.length > 0) throw new Error('the browser complained')
    return seen
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error([words, ...watch.complaints].join('\n'), { cause: error })
  } finally {
    await page.close()
  }
}

/**
 * @param {import('playwright').Page} page
 * @param {string} url of the site
 */
function watchPage(page, url) {
  /** @type {string[]} */
  const complaints = []
  /** @type {Set<string>} */
  const workers = new Set()
  /** What asked for each script. @type {Map<string, string>} */
  const referrers = new Map()
  let loads = 0
  page.on('load', () => (loads += 1))
  page.on('worker', (worker) => workers.add(worker.url()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} (${message.location().url})`)
  })
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`))
  page.on('response', (response) => {
    const isScript = /javascript/.test(response.headers()['content-type'] ?? '')
    if (isScript && response.url().startsWith(url))
      referrers.set(response.url(), response.request().headers()['referer'] ?? '')
  })
  /** @param {string} script @returns {boolean} */
  const isOfWorker = (script) =>
    workers.has(script) || (referrers.has(script) && isOfWorker(referrers.get(script) ?? ''))
  return {
    complaints,
    /** @returns {Promise<Seen>} */
    async sum() {
      if (loads !== 1) throw new Error('the page was loaded again in the middle')
      if (workers.size === 0) throw new Error('no worker was started')
      const seen = { workers: [...workers].map(toName).sort(), pageBytes: 0, workerBytes: 0 }
      for (const script of referrers.keys()) {
        const { byteLength } = await (await fetch(script)).arrayBuffer()
        seen[isOfWorker(script) ? 'workerBytes' : 'pageBytes'] += byteLength
      }
      return seen
    },
  }
}

/** @param {string} address */
function toName(address) {
  return address.startsWith('blob:') ? 'blob:' : new URL(address).pathname
}
