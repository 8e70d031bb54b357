import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { startOssFixture } from '../harness/oss-fixture.ts'
import type { OssFixture } from '../harness/oss-fixture.ts'
import { startPlainSite } from './plain-site.ts'
import type { PlainSite } from './plain-site.ts'
import { sha256OfFile, writeRandomFile } from './source-files.ts'

const MIB = 1024 ** 2
/** A wait that no test outlives. */
const NEVER_MS = 2 ** 31 - 1

const BARE_PAGE = '<!doctype html><input id="file" type="file"><script src="/sluice.js"></script>'

let folder: string
let oss: OssFixture
let site: PlainSite
let browser: Browser
let page: Page
/** The CSP of the README, for the local OSS. */
let policy: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-script-tag-'))
  oss = await startOssFixture()
  const { endpoint = '' } = await oss.api.credentials({ key: 'probe' })
  const header = await readExample('README.md', 'From a script tag', 'http')
  policy = header.replace('Content-Security-Policy: ', '').replace('https://*.aliyuncs.com', endpoint).trim()
  site = await startPlainSite(oss)
  site.setScriptHeaders({ 'Content-Security-Policy': policy })
  const executablePath = findChromium()
  browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await oss?.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  page = await browser.newPage()
})
afterEach(() => page.close())

/** The first code block in a language after a heading of a document. */
async function readExample(document: string, heading: string, language: string): Promise<string> {
  const text = await readFile(new URL(`../../${document}`, import.meta.url), 'utf8')
  const block = new RegExp(`# ${heading}\\n.*?\\n\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(text)?.[1]
  if (block === undefined) throw new Error(`${document} has no example after "${heading}"`)
  return block
}

async function makeFile(name: string, sizeBytes: number): Promise<string> {
  const file = path.join(folder, name)
  await writeRandomFile(file, sizeBytes)
  return file
}

interface Received {
  readonly sha256: string | undefined
  readonly parts: number
}

/** What OSS has of an object, and in how many parts it came. */
async function received(key: string): Promise<Received> {
  const stored = await oss.api.stored({ key })
  const log = await oss.api.log({ key })
  const parts = log.filter(({ op, status }) => op === 'UploadPart' && status === 200)
  return { sha256: stored?.sha256, parts: parts.length }
}

/** Opens {@link BARE_PAGE} with a file chosen. */
async function openBarePage(file: string, csp?: string): Promise<void> {
  site.put('/bare', {
    html: BARE_PAGE,
    ...(csp !== undefined && { headers: { 'Content-Security-Policy': csp } }),
  })
  await page.goto(`${site.url}/bare`)
  await page.setInputFiles('#file', file)
}

interface Outcome {
  readonly key?: string
  readonly code?: string
  readonly message?: string
}

/** Where the worker comes from: the default, a URL that is given, or a function of the page's. */
type WorkerSource = 'default' | 'workerUrl' | 'createWorker'

/** Uploads the chosen file in parts by `Sluice.createUploader`. */
function uploadBySluice(source: WorkerSource): Promise<Outcome> {
  return page.evaluate(
    async ([from, workerTimeoutMs]) => {
      const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0]
      if (file === undefined) throw new Error('No file is chosen')
      const uploader = Sluice.createUploader({
        workerTimeoutMs,
        ...(from === 'workerUrl' && { workerUrl: '/sluice.worker.js' }),
        ...(from === 'createWorker' && { createWorker: () => new Worker('/sluice.worker.js') }),
        getCredentials: async ({ name }) => {
          const body = JSON.stringify({ name })
          return (await fetch('/api/vod/create', { method: 'POST', body })).json()
        },
      })
      try {
        return { key: (await uploader.upload(file, { partSizeBytes: 1_048_576 }).result).key }
      } catch (error) {
        return Sluice.isUploadError(error) ? { code: error.code, message: error.message } : {}
      }
    },
    [source, NEVER_MS] as const,
  )
}

/** Uploads the chosen file by `AliyunUpload.Vod`. */
function uploadByVod(source: WorkerSource): Promise<Outcome> {
  return page.evaluate(
    (from) =>
      new Promise<Outcome>((resolve) => {
        const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0]
        if (file === undefined) throw new Error('No file is chosen')
        const uploader = new AliyunUpload.Vod({
          ...(from === 'workerUrl' && { workerUrl: '/sluice.worker.js' }),
          ...(from === 'createWorker' && { createWorker: () => new Worker('/sluice.worker.js') }),
          async onUploadstarted(info) {
            const body = JSON.stringify({ name: info.file.name })
            const answer = await (await fetch('/api/vod/create', { method: 'POST', body })).json()
            const { UploadAuth, UploadAddress, VideoId } = answer as Record<string, string>
            uploader.setUploadAuthAndAddress(info, UploadAuth ?? '', UploadAddress ?? '', VideoId)
          },
          onUploadSucceed: ({ object = '' }) => resolve({ key: object }),
          onUploadFailed: (_, code, message) => resolve({ code, message }),
        })
        uploader.addFile(file)
        uploader.startUpload()
      }),
    source,
  )
}

/** The key that a page tells. */
function storedAs(words: string | null | undefined): string {
  expect(words).toMatch(/^Stored as /)
  return words?.slice('Stored as '.length) ?? ''
}

describe('a page without a bundler', () => {
  test('uploads a file in parts: the page of the README', async () => {
    const file = await makeFile('sluice.mp4', 20 * MIB)
    site.put('/sluice', { html: await readExample('README.md', 'From a script tag', 'html') })
    await page.goto(`${site.url}/sluice`)
    await page.setInputFiles('#file', file)
    const words = await page.waitForFunction(() => document.querySelector('#message')?.textContent)
    const { sha256, parts } = await received(storedAs(await words.jsonValue()))
    expect(sha256).toBe(await sha256OfFile(file))
    expect(parts).toBeGreaterThan(1)
    expect(await page.locator('#progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBe(1)
  })

  test('uploads two files by AliyunUpload.Vod: the page of the guide to migrating', async () => {
    const files = [await makeFile('first.mp4', 3 * MIB), await makeFile('second.mp4', 3 * MIB)]
    site.put('/vod', { html: await readExample('docs/migrating.md', 'From AliyunUpload.Vod', 'html') })
    await page.goto(`${site.url}/vod`)
    await page.setInputFiles('#files', files)
    await page.locator('#log li', { hasText: 'All done' }).waitFor()
    const [first, second, ...others] = await page.locator('#log li').allTextContents()
    expect(await received(storedAs(first))).toEqual({ sha256: await sha256OfFile(files[0] ?? ''), parts: 3 })
    expect(await received(storedAs(second))).toEqual({ sha256: await sha256OfFile(files[1] ?? ''), parts: 3 })
    expect(others).toEqual(['All done'])
  })
})

describe('the script', () => {
  test('adds the globals Sluice and AliyunUpload to the page, and does nothing else', async () => {
    site.put('/empty', { html: '<!doctype html><title>Empty</title>' })
    await page.goto(`${site.url}/empty`)
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    const before = await page.evaluate(() => Object.getOwnPropertyNames(globalThis))
    const markup = await page.content()
    await page.evaluate(() => {
      const made = document.createElement('script')
      made.src = '/sluice.js'
      const loaded = new Promise((resolve) => made.addEventListener('load', resolve))
      document.head.append(made)
      return loaded.then(() => made.remove())
    })
    const after = await page.evaluate(() => Object.getOwnPropertyNames(globalThis))
    expect(after.filter((name) => !before.includes(name)).sort()).toEqual(['AliyunUpload', 'Sluice'])
    expect(await page.evaluate(() => [Object.keys(Sluice).sort(), Object.keys(AliyunUpload)])).toEqual([
      ['ServiceError', 'UploadError', 'createUploader', 'isServiceError', 'isUploadError'],
      ['Vod'],
    ])
    expect(await page.content()).toBe(markup)
    expect(requests).toEqual([`${site.url}/sluice.js`])
    expect(page.workers()).toEqual([])
  })

  test('leaves what else a page has put on AliyunUpload', async () => {
    site.put('/own', { html: `<script>AliyunUpload = { own: 1 }</script>${BARE_PAGE}` })
    await page.goto(`${site.url}/own`)
    expect(await page.evaluate(() => Object.keys(AliyunUpload))).toEqual(['own', 'Vod'])
  })

  test('does no harm when it is loaded twice, also while a file is uploaded', async () => {
    const file = await makeFile('twice.mp4', 3 * MIB)
    await openBarePage(file)
    await oss.api.orderFault({ kind: 'bandwidth', op: 'UploadPart', times: 'always', bytesPerSecond: MIB })
    const sending = page.waitForRequest((request) => request.url().includes('partNumber='))
    const first = uploadBySluice('default')
    await sending
    await page.addScriptTag({ url: '/sluice.js' })
    await oss.api.clearFaults()
    const second = await uploadBySluice('default')
    for (const { key = '' } of [await first, second, await uploadByVod('default')])
      expect(await received(key)).toEqual({ sha256: await sha256OfFile(file), parts: 3 })
  })

  test('is plain ASCII, so that a page in any encoding reads it alike', async () => {
    const script = await (await fetch(`${site.url}/sluice.js`)).text()
    // oxlint-disable-next-line no-control-regex
    expect(script).toMatch(/^[\x00-\x7f]+$/)
  })
})

describe.each([
  ['Sluice.createUploader', uploadBySluice],
  ['AliyunUpload.Vod', uploadByVod],
])('%s under a CSP that refuses Blob workers', (_, upload) => {
  test.each(['workerUrl', 'createWorker'] as const)('uploads with %s', async (source) => {
    const file = await makeFile('strict.mp4', 3 * MIB)
    await openBarePage(file, policy)
    const { key = '' } = await upload(source)
    expect(await received(key)).toEqual({ sha256: await sha256OfFile(file), parts: 3 })
  })

  test('fails at once with WORKER_FAILED without it, and asks for it', async () => {
    await openBarePage(await makeFile('refused.mp4', 3 * MIB), policy)
    expect(await upload('default')).toEqual({
      code: 'WORKER_FAILED',
      message: expect.stringMatching(/the script did not load\. .* name it by workerUrl/),
    })
  })
})

test("under a CSP without 'wasm-unsafe-eval' the CRC-64 is computed all the same", async () => {
  const file = await makeFile('no-wasm.mp4', 3 * MIB)
  await openBarePage(file, "script-src 'self'; worker-src blob:")
  const { key = '' } = await uploadBySluice('default')
  expect(await received(key)).toEqual({ sha256: await sha256OfFile(file), parts: 3 })
})
