import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPage } from '../../packages/demo/server/http/page.ts'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { driveDemoPage } from './demo-page.ts'
import type { DemoPage } from './demo-page.ts'
import { startGatedDemo } from './gated-demo.ts'
import type { GatedDemo } from './gated-demo.ts'
import { runDemo, runDemoToItsEnd } from './run-demo.ts'
import { sha256OfFile, writeRandomFile } from './source-files.ts'

const MIB = 1024 ** 2
const BUILT_PAGE = fileURLToPath(new URL('../../packages/demo/dist/page/', import.meta.url))

let gated: GatedDemo
let folder: string
let demo: GatedDemo['demo']
let stored: GatedDemo['stored']
let gate: GatedDemo['gate']
let foreign: GatedDemo['foreign']
let browser: Browser

beforeAll(async () => {
  gated = await startGatedDemo()
  ;({ folder, demo, stored, gate, foreign } = gated)
  const executablePath = findChromium()
  browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
})
afterAll(async () => {
  await browser?.close()
  await gated?.close()
})

let page: Page
let drive: DemoPage
/** What the browser complains of: errors of scripts, refusals of the CSP, resources that are missing. */
let complaints: string[]

beforeEach(async () => {
  complaints = []
  page = await browser.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  drive = driveDemoPage(page)
})
afterEach(async () => {
  gate.release()
  await page.close()
})

/** Writes a file of random bytes. */
async function makeFile(
  name: string,
  sizeBytes: number,
): Promise<{ readonly path: string; readonly sha256: string }> {
  const file = path.join(folder, 'sources', name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeRandomFile(file, sizeBytes)
  return { path: file, sha256: await sha256OfFile(file) }
}

const operations = async (key: string): Promise<readonly string[]> =>
  (await stored.log(key)).map(({ op, partNumber }) => (partNumber === null ? op : `${op} ${partNumber}`))

describe('the demo page', () => {
  test('uploads chosen files: in parts, in one piece, empty, an image', async () => {
    const files = {
      'film.mp4': await makeFile('film.mp4', 20 * MIB + 1),
      'note +%#é 电影.txt': await makeFile('note +%#é 电影.txt', 1000),
      'empty.mp4': await makeFile('empty.mp4', 0),
      'cover.PNG': await makeFile('cover.PNG', 5000),
    }
    await page.goto(demo.url)
    await drive.choose(Object.values(files).map((file) => file.path))

    for (const [name, source] of Object.entries(files)) {
      await drive.reaches(name, 'succeeded')
      const key = await drive.fact(name, 'Key')
      expect(await stored.sha256(key)).toBe(source.sha256)
      expect(await drive.fact(name, 'Media id')).toMatch(/^[0-9a-f]{32}$/)
      expect(await drive.fact(name, 'CRC-64')).toMatch(/^\d{1,20}$/)
    }
    const film = drive.row('film.mp4')
    expect(await film.getAttribute('data-sent')).toBe(String(20 * MIB + 1))
    expect(await film.getAttribute('data-total')).toBe(String(20 * MIB + 1))
    expect(await film.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100')
    const filmKey = await drive.fact('film.mp4', 'Key')
    expect(filmKey).toMatch(/^sv\/.*\.mp4$/)
    // How large the parts are depends on how fast the machine is; none is sent twice.
    const filmOperations = await operations(filmKey)
    expect(new Set(filmOperations).size).toBe(filmOperations.length)
    expect(filmOperations).toEqual(
      expect.arrayContaining(['InitiateMultipartUpload', 'UploadPart 1', 'CompleteMultipartUpload']),
    )
    const coverKey = await drive.fact('cover.PNG', 'Key')
    expect(coverKey).toMatch(/^image\/default\/.*\.png$/)
    expect(await operations(coverKey)).toEqual(['PutObject'])
    expect(complaints).toEqual([])
  })

  test('moves nothing under the eyes of its user', async () => {
    const files = await Promise.all(
      ['a.mp4', 'b.png', 'c.mp4'].map((name) => makeFile(`still/${name}`, 9 * MIB)),
    )
    await page.goto(demo.url)
    const shift = await page.evaluateHandle(() => {
      const total = { score: 0 }
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          total.score += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
      return total
    })
    await drive.choose(files.map((file) => file.path))
    for (const name of ['a.mp4', 'b.png', 'c.mp4']) await drive.reaches(name, 'succeeded')
    expect(await shift.jsonValue()).toEqual({ score: 0 })
  })

  test('uploads what is dropped, folders with all that is in them', async () => {
    const files = {
      'a.mp4': await makeFile('dropped/a.mp4', 100),
      'b.mp4': await makeFile('dropped/inner/b.mp4', 200),
      'single.mp4': await makeFile('single.mp4', 300),
    }
    await page.goto(demo.url)
    await drive.drop([path.join(folder, 'sources', 'dropped'), files['single.mp4'].path])
    for (const [name, source] of Object.entries(files)) {
      await drive.reaches(name, 'succeeded')
      expect(await stored.sha256(await drive.fact(name, 'Key'))).toBe(source.sha256)
    }
    expect(await drive.row('b.mp4').getByText('dropped/inner/b.mp4').isVisible()).toBe(true)
    expect(complaints).toEqual([])
  })

  test('says what went wrong and what to do, and uploads the same file in the same row on retry', async () => {
    const file = await makeFile('again.mp4', 1000)
    foreign.refuseOnce()
    await page.goto(`${demo.url}/?api=${foreign.url}`)
    await drive.choose([file.path])
    await drive.reaches('again.mp4', 'failed')
    const problem = await drive.row('again.mp4').locator('[data-part=problem]:visible').innerText()
    expect(problem).toContain('No storage was found. (Forbidden.InitFailed)')
    expect(problem).toContain('Check what the authorization service says, then retry.')

    await drive.press('again.mp4', 'retry')
    await drive.reaches('again.mp4', 'succeeded')
    expect(await page.locator('[data-testid=upload]').count()).toBe(1)
    expect(await stored.sha256(await drive.fact('again.mp4', 'Key'))).toBe(file.sha256)
    expect(await drive.row('again.mp4').locator('[data-part=problem]').isVisible()).toBe(false)
  })

  test('pauses and resumes by keyboard, and keeps the focus in the row', async () => {
    const file = await makeFile('paused.mp4', 20 * MIB)
    gate.hold(MIB)
    await page.goto(`${demo.url}/?api=${foreign.url}`)
    await drive.choose([file.path])
    await drive.sends('paused.mp4')
    const row = drive.row('paused.mp4')
    await row.locator('[data-action=pause]').focus()
    await page.keyboard.press('Enter')
    await drive.reaches('paused.mp4', 'paused')
    expect(await page.locator(':focus').getAttribute('data-action')).toBe('resume')
    await page
      .locator('[data-testid=announcer]')
      .getByText('paused.mp4: Paused')
      .waitFor({ state: 'attached' })
    expect(await row.locator('[data-action]:visible').allTextContents()).toEqual(['Resume', 'Cancel'])

    gate.release()
    await page.keyboard.press('Enter')
    await drive.reaches('paused.mp4', 'succeeded')
    expect(await stored.sha256(await drive.fact('paused.mp4', 'Key'))).toBe(file.sha256)
  })

  test('cancels in the middle and leaves nothing on the server', async () => {
    const file = await makeFile('canceled.mp4', 20 * MIB)
    gate.hold(MIB)
    const [answer] = await Promise.all([
      page.waitForResponse(`${foreign.url}/create`),
      page.goto(`${demo.url}/?api=${foreign.url}`).then(() => drive.choose([file.path])),
    ])
    const { UploadAddress } = (await answer.json()) as { UploadAddress: string }
    const { FileName } = JSON.parse(Buffer.from(UploadAddress, 'base64').toString()) as { FileName: string }
    await drive.sends('canceled.mp4')
    await drive.press('canceled.mp4', 'cancel')
    await drive.reaches('canceled.mp4', 'canceled')
    await expect
      .poll(async () => (await stored.log(FileName)).at(-1))
      .toMatchObject({ op: 'AbortMultipartUpload', status: 204 })
    await expect(stored.sha256(FileName)).rejects.toThrow('ENOENT')
    expect(await drive.row('canceled.mp4').locator('[data-action]:visible').allTextContents()).toEqual([
      'Retry',
      'Remove',
    ])
  })

  test('works under any path of any origin, with the service elsewhere', async () => {
    const file = await makeFile('elsewhere.mp4', 1000)
    const servePage = createPage(BUILT_PAGE)
    const server = createServer((request, response) => {
      request.url = request.url?.startsWith('/deep/path/')
        ? request.url.slice('/deep/path'.length)
        : '/nothing'
      servePage(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await page.goto(`http://127.0.0.1:${port}/deep/path/?api=${demo.url}/api`)
    await drive.choose([file.path])
    await drive.reaches('elsewhere.mp4', 'succeeded')
    expect(complaints).toEqual([])
    server.closeAllConnections()
    server.close()
  })

  test('says so when ?api= is no URL', async () => {
    await page.goto(`${demo.url}/?api=javascript:0`)
    expect(await page.getByRole('alert').textContent()).toContain(
      '?api= must be an HTTP URL, got "javascript:0"',
    )
  })
})

describe('the demo’s server', () => {
  test('answers on localhost and on 127.0.0.1', async () => {
    const address = demo.url.replace('localhost', '127.0.0.1')
    expect((await fetch(address)).status).toBe(200)
    expect((await fetch(demo.url)).status).toBe(200)
  })

  test('ends at a signal, without a word', async () => {
    const other = await runDemo({ dataDir: path.join(folder, 'other') })
    expect(await other.stop()).toEqual({ exitCode: 0, output: `Sluice demo ready: ${other.url}\n` })
    await expect(fetch(other.url)).rejects.toThrow('fetch failed')
  })

  test('gives up in one line when a port is in use', async () => {
    const port = Number(new URL(demo.url).port)
    expect(await runDemoToItsEnd({ dataDir: path.join(folder, 'other'), port })).toEqual({
      exitCode: 1,
      output: `Port ${port} is in use: set PORT to a free one\n`,
    })
  })
})
