import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { watchPage } from './watch-page.mjs'

const MIB = 1024 ** 2
const IN_PARTS = { name: 'film.mp4', sizeBytes: 20 * MIB }
const WHOLE = { name: 'note.txt', sizeBytes: MIB / 2 }
/** How long a page may take to be ready, and for one upload, in milliseconds. */
const PAGE_LIMIT_MS = 60_000

/**
 * Opens a page, and has it upload a file in parts and one as a whole, which takes a part of the worker script more.
 *
 * @param {object} options
 * @param {import('playwright').Browser} options.browser
 * @param {string} options.url
 * @param {string} options.folder for the files
 * @param {import('./service.mjs').Service} options.service
 * @returns {Promise<import('./watch-page.mjs').Loaded>} after the first file
 * @throws when anything is not as it should be, with what the browser complained of
 */
export async function uploadFrom({ browser, url, folder, service }) {
  const page = await browser.newPage()
  page.setDefaultTimeout(PAGE_LIMIT_MS)
  const watch = watchPage(page, url)
  try {
    await page.goto(`${url}?authorize=${encodeURIComponent(service.authorizeUrl)}`)
    await page.locator('output').filter({ hasText: 'Ready' }).waitFor()
    await uploadOne(page, IN_PARTS, folder, service)
    const loaded = await watch.loaded()
    await uploadOne(page, WHOLE, folder, service)
    if (loaded.workers.length === 0) throw new Error('no worker was started')
    if (watch.loads() !== 1) throw new Error('the page was loaded again in the middle')
    if (watch.complaints.length > 0) throw new Error('the browser complained')
    return loaded
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error([words, ...watch.complaints].join('\n'), { cause: error })
  } finally {
    await page.close()
  }
}

/**
 * @param {import('playwright').Page} page
 * @param {{ readonly name: string, readonly sizeBytes: number }} source
 * @param {string} folder
 * @param {import('./service.mjs').Service} service
 */
async function uploadOne(page, { name, sizeBytes }, folder, service) {
  const bytes = randomBytes(sizeBytes)
  const file = path.join(folder, name)
  await writeFile(file, bytes)
  await page.locator('input').setInputFiles(file)
  const outcome = page.locator('output').filter({ hasText: new RegExp(`^(Stored|Failed) ${name}`) })
  const text = await outcome.textContent()
  const key = /^Stored .* as (.*)$/.exec(text ?? '')?.[1]
  if (key === undefined) throw new Error(text ?? '')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if ((await service.sha256(key)) !== sha256) throw new Error(`what is stored of ${name} is not the file`)
  const parts = await service.countParts(key)
  if (parts > 1 !== sizeBytes > MIB) throw new Error(`${name} was sent in ${parts} parts`)
}
