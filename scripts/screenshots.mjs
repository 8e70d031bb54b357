// Takes the pictures of docs/images: the demo, built and run on a folder of its own, in Chromium. Needs no account.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { CHROMIUM_ARGS, ensureChromium, findChromium } from './chromium.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { run, runMain } from './run.mjs'

const MIB = 1024 ** 2
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url))
const WIDE = { width: 1280, height: 960 }
const PHONE = { width: 390, height: 844 }

runMain(async () => {
  await ensureDependencies()
  await ensureChromium()
  await run('tsc', ['-b'])
  await run('vite', ['build', 'packages/demo', '--logLevel', 'warn'])
  await mkdir(IMAGES, { recursive: true })
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-screenshots-'))
  const { startDemo } = await import('../packages/demo/dist/server/start-demo.js')
  const demo = await startDemo(
    { port: 0, ossPort: 0, dataDir: folder, vod: { kind: 'local' } },
    fileURLToPath(new URL('../packages/demo/dist/page/', import.meta.url)),
  )
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
  const context = { browser, url: demo.url, folder }
  try {
    await takeUploader(context, 'uploader-light.png', { viewport: WIDE, colorScheme: 'light' })
    await takeUploader(context, 'uploader-dark.png', { viewport: WIDE, colorScheme: 'dark' })
    await takeUploader(context, 'uploader-phone.png', {
      viewport: PHONE,
      colorScheme: 'light',
      deviceScaleFactor: 2,
    })
    await takeErrors(context)
    await takeResumePanel(context)
    await takePartMap(context)
  } finally {
    await browser.close()
    await demo.close()
    await rm(folder, { recursive: true, force: true })
  }
})

/**
 * @typedef {object} Context
 * @property {import('playwright').Browser} browser
 * @property {string} url
 * @property {string} folder
 */

/** @param {Context} context @param {string} name @param {import('playwright').BrowserContextOptions} options */
async function takeUploader({ browser, url, folder }, name, options) {
  const page = await openPage(browser, url, options)
  await addPicture(page, 'holiday.png')
  await reach(page, 'holiday.png', 'succeeded')
  await makeTrouble(page, 'slow-link')
  await choose(page, [await makeFile(folder, 'interview.mp4', 160 * MIB)])
  await sends(page, 'interview.mp4', 64 * MIB)
  await choose(page, [await makeFile(folder, 'subtitles.srt', 40_000)])
  await reach(page, 'subtitles.srt', 'succeeded')
  await page.screenshot({ path: path.join(IMAGES, name) })
  await close(page)
}

/** @param {Context} context */
async function takeErrors({ browser, url, folder }) {
  const page = await openPage(browser, `${url}/?max-size=200000000&accept=video/*,.srt`, {
    viewport: { width: 900, height: 900 },
  })
  await page.route('**/api/create', (route) =>
    route.fulfill({ status: 403, json: { Code: 'Forbidden.InitFailed', Message: 'No storage was found.' } }),
  )
  await choose(page, [await makeFile(folder, 'refused.mp4', 5000), await makeFile(folder, 'notes.txt', 5000)])
  await reach(page, 'refused.mp4', 'failed')
  await page.screenshot({ path: path.join(IMAGES, 'errors.png') })
  await close(page)
}

/** @param {Context} context */
async function takeResumePanel({ browser, url, folder }) {
  const page = await openPage(browser, url, { viewport: { width: 900, height: 560 } })
  await makeTrouble(page, 'slow-link')
  await choose(page, [await makeFile(folder, 'conference.mp4', 128 * MIB)])
  await sends(page, 'conference.mp4', 72 * MIB)
  await page.reload()
  await page.getByTestId('resumable').waitFor()
  await page.screenshot({ path: path.join(IMAGES, 'resume-panel.png') })
  await page.locator('[data-action=discard]').click()
  await page.locator('[data-action=confirm]').click()
  await page.getByTestId('resumable').waitFor({ state: 'detached' })
  await close(page)
}

/** @param {Context} context */
async function takePartMap({ browser, url, folder }) {
  const page = await openPage(browser, url, { viewport: WIDE, deviceScaleFactor: 2 })
  await makeTrouble(page, 'slow-link')
  await choose(page, [await makeFile(folder, 'feature.mp4', 700 * MIB)])
  await sends(page, 'feature.mp4', 240 * MIB)
  await makeTrouble(page, 'unavailable')
  await page.locator('.part-legend [data-status=retrying]:not([data-count="0"])').waitFor()
  await page.getByTestId('engine').screenshot({ path: path.join(IMAGES, 'engine.png') })
  await close(page)
}

/** @param {import('playwright').Browser} browser @param {string} url @param {import('playwright').BrowserContextOptions} options */
async function openPage(browser, url, options) {
  const page = await browser.newPage({ locale: 'en-US', ...options })
  await page.goto(url)
  await page.getByTestId('file-input').waitFor({ state: 'attached' })
  return page
}

/** Leaves no trouble behind. @param {import('playwright').Page} page */
async function close(page) {
  await page.evaluate(() => fetch('/api/trouble', { method: 'DELETE' }))
  await page.context().close()
}

/** @param {import('playwright').Page} page @param {string} kind */
async function makeTrouble(page, kind) {
  await page.evaluate(
    (wanted) => fetch('/api/trouble', { method: 'POST', body: JSON.stringify({ kind: wanted }) }),
    kind,
  )
}

/** @param {string} folder @param {string} name @param {number} sizeBytes */
async function makeFile(folder, name, sizeBytes) {
  const file = path.join(folder, name)
  await writeFile(file, randomBytes(sizeBytes))
  return file
}

/** Pastes a picture that is drawn here. @param {import('playwright').Page} page @param {string} name */
async function addPicture(page, name) {
  await page.evaluate(async (fileName) => {
    const canvas = new OffscreenCanvas(400, 400)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('No canvas')
    const sky = context.createLinearGradient(0, 0, 0, 400)
    for (const [at, color] of [
      [0, '#3b82c4'],
      [0.6, '#f6c87a'],
      [0.61, '#2f6f6a'],
      [1, '#17323f'],
    ]) {
      sky.addColorStop(Number(at), String(color))
    }
    context.fillStyle = sky
    context.fillRect(0, 0, 400, 400)
    context.fillStyle = '#fff3d6'
    context.arc(270, 190, 45, 0, 7)
    context.fill()
    const data = new DataTransfer()
    data.items.add(new File([await canvas.convertToBlob()], fileName, { type: 'image/png' }))
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
  }, name)
}

/** @param {import('playwright').Page} page @param {readonly string[]} files */
async function choose(page, files) {
  await page.getByTestId('file-input').setInputFiles([...files])
}

/** @param {import('playwright').Page} page @param {string} name @param {string} status */
async function reach(page, name, status) {
  await page.locator(`[data-testid=upload][data-name="${name}"][data-status=${status}]`).waitFor()
}

/** @param {import('playwright').Page} page @param {string} name @param {number} bytes */
async function sends(page, name, bytes) {
  await page.waitForFunction(
    ([wanted, least]) =>
      Number(
        document.querySelector(`[data-testid=upload][data-name="${wanted}"]`)?.getAttribute('data-sent'),
      ) > Number(least),
    [name, bytes],
    { timeout: 120_000 },
  )
}
