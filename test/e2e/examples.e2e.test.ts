import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { driveDemoPage } from './demo-page.ts'
import type { DemoPage } from './demo-page.ts'
import { startExampleSite } from './example-site.ts'
import type { ExampleSite } from './example-site.ts'
import { startGatedDemo } from './gated-demo.ts'
import type { GatedDemo } from './gated-demo.ts'
import { sha256OfFile, writeRandomFile } from './source-files.ts'

const MIB = 1024 ** 2
const ROOT = new URL('../../', import.meta.url)

interface SourceFile {
  readonly path: string
  readonly sha256: string
}

let gated: GatedDemo
let browser: Browser
/** The CSP that the examples' README has, for the local OSS. */
let policy: string
let film: SourceFile
/** Too long to have all its parts in flight at a time. */
let long: SourceFile

beforeAll(async () => {
  gated = await startGatedDemo()
  const readme = await readFile(new URL('examples/README.md', ROOT), 'utf8')
  const recommended = /^Content-Security-Policy: (.*)$/m.exec(readme)?.[1]
  if (recommended === undefined) throw new Error('examples/README.md names no policy')
  policy = recommended.replace('https://*.aliyuncs.com', `http://127.0.0.1:${gated.gate.port}`)
  film = await makeFile('film.mp4', 20 * MIB)
  long = await makeFile('long.mp4', 64 * MIB)
  const executablePath = findChromium()
  browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
})
afterAll(async () => {
  await browser?.close()
  await gated?.close()
})

async function makeFile(name: string, sizeBytes: number): Promise<SourceFile> {
  const file = path.join(gated.folder, name)
  await writeRandomFile(file, sizeBytes)
  return { path: file, sha256: await sha256OfFile(file) }
}

describe.each([
  ['react', ['examples/react/dist/']],
  ['vue', ['examples/vue/dist/']],
  ['html', ['examples/html/', 'packages/core/dist/script/']],
])('the example of %s', (_, folders) => {
  let site: ExampleSite
  let page: Page
  let drive: DemoPage
  /** What the browser complains of: errors of scripts, refusals of the CSP, resources that are missing. */
  let complaints: string[]

  beforeAll(async () => {
    site = await startExampleSite({
      folders: folders.map((folder) => new URL(folder, ROOT)),
      policy,
      apiUrl: gated.foreign.url,
    })
  })
  afterAll(() => site?.close())
  beforeEach(async () => {
    complaints = []
    page = await browser.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() !== 'log' && complaints.push(message.text()))
    drive = driveDemoPage(page)
    await page.goto(site.url)
  })
  afterEach(async () => {
    gated.gate.release()
    await page.close()
  })

  const storedKey = async (name: string): Promise<string> => {
    await drive.reaches(name, 'succeeded')
    return (await drive.row(name).locator('[data-testid=key]').textContent()) ?? ''
  }
  const unfinished = (name: string): Locator =>
    page.locator(`[data-testid=resumable][data-name=${JSON.stringify(name)}]`)

  test('shows how far a file is, pauses it, goes on, and stores the file', async () => {
    const completed = await gated.stored.count('CompleteMultipartUpload')
    gated.gate.throttle(8 * MIB)
    await drive.choose([film.path])
    await drive.sends('film.mp4', 2 * MIB)
    const bar = page.getByRole('progressbar', { name: 'Progress of film.mp4' })
    expect(await bar.evaluate(({ value }: HTMLProgressElement) => value)).toBeGreaterThan(0)
    expect(await drive.row('film.mp4').getByRole('status').textContent()).toMatch(/film\.mp4\s+Uploading/)
    expect(await drive.row('film.mp4').textContent()).toMatch(/[1-9]\d?%/)

    await page.getByRole('button', { name: 'Pause film.mp4' }).click()
    await drive.reaches('film.mp4', 'paused')
    gated.gate.release()
    const resume = page.getByRole('button', { name: 'Resume film.mp4' })
    expect(await resume.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(await gated.stored.count('CompleteMultipartUpload')).toBe(completed)
    await resume.click()

    expect(await gated.stored.sha256(await storedKey('film.mp4'))).toBe(film.sha256)
    expect(await drive.row('film.mp4').textContent()).toContain('100%')
    expect(complaints).toEqual([])
  })

  test('says what happened when the server refuses, and uploads by a retry', async () => {
    gated.foreign.refuseOnce()
    await drive.choose([film.path])
    await drive.reaches('film.mp4', 'failed')
    const problem = await drive.row('film.mp4').getByRole('alert').innerText()
    expect(problem).toMatch(/the server answered 403\nSign in again/)
    await page.getByRole('button', { name: 'Retry film.mp4' }).click()
    expect(await gated.stored.sha256(await storedKey('film.mp4'))).toBe(film.sha256)
    expect(await drive.row('film.mp4').getByRole('alert').textContent()).toBe('')
    expect(complaints.join()).toMatch(/^[^,]*status of 403[^,]*$/)
  })

  test('lists after a reload what is unfinished, and sends the rest when the file is chosen again', async () => {
    const storedParts = await gated.stored.count('UploadPart')
    gated.gate.throttle(20 * MIB)
    await drive.choose([long.path])
    await expect
      .poll(() => gated.stored.count('UploadPart'), { timeout: 30_000 })
      .toBeGreaterThan(storedParts)
    gated.gate.hold(0)
    await page.reload()
    await unfinished('long.mp4').waitFor()
    expect(await unfinished('long.mp4').textContent()).toMatch(/long\.mp4\s*\d+%/)

    gated.gate.release()
    const line = await gated.stored.length()
    await drive.choose([long.path])
    const key = await storedKey('long.mp4')
    expect(await gated.stored.sha256(key)).toBe(long.sha256)
    const { before, after } = await gated.stored.parts(key, line)
    expect(before.length).toBeGreaterThan(0)
    expect(after.length).toBeGreaterThan(0)
    expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
    expect(await unfinished('long.mp4').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('discards what is unfinished', async () => {
    gated.gate.throttle(8 * MIB)
    await drive.choose([film.path])
    await drive.sends('film.mp4', 2 * MIB)
    await page.reload()
    await unfinished('film.mp4').waitFor()
    const aborted = await gated.stored.count('AbortMultipartUpload')
    await page.getByRole('button', { name: 'Discard film.mp4' }).click()
    await unfinished('film.mp4').waitFor({ state: 'detached' })
    expect(await gated.stored.count('AbortMultipartUpload')).toBe(aborted + 1)
    expect(complaints).toEqual([])
  })
})
