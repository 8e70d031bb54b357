import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { driveDemoPage } from './demo-page.ts'
import { runDemo } from './run-demo.ts'
import type { RunningDemo } from './run-demo.ts'

const MIB = 1024 ** 2

let folder: string
let demo: RunningDemo
let context: BrowserContext
let page: Page
/** What the page, its workers and the browser printed and threw. */
const printed: string[] = []
/** What the credentials and requests of these uploads held: each must be found nowhere. */
const secrets = new Set<string>()

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-secrets-'))
  demo = await runDemo({ dataDir: path.join(folder, 'data') })
  const executablePath = findChromium()
  context = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
    args: CHROMIUM_ARGS,
    ...(executablePath && { executablePath }),
  })
  page = context.pages()[0] ?? (await context.newPage())
  context.on('console', (message) => printed.push(message.text()))
  context.on('weberror', (error) => printed.push(String(error.error().stack)))
  context.on('response', (response) => {
    if (response.url().includes('/api/')) void response.json().then(learnCredentials, () => undefined)
  })
  context.on('request', (request) => {
    void request.allHeaders().then(({ authorization }) => {
      const signature = /(?:Signature=|OSS [^:]+:)(\S+)/.exec(authorization ?? '')?.[1]
      if (signature !== undefined) secrets.add(signature)
    })
  })
})
afterAll(async () => {
  await context?.close()
  await demo?.stop()
  await rm(folder, { recursive: true })
})

function learnCredentials(answer: { readonly UploadAuth?: string }): void {
  if (answer.UploadAuth === undefined) return
  const auth = JSON.parse(Buffer.from(answer.UploadAuth, 'base64').toString()) as Record<string, string>
  for (const name of ['AccessKeySecret', 'SecurityToken']) secrets.add(auth[name] ?? '')
  secrets.add(answer.UploadAuth)
}

/** Has the next upload get credentials of another kind than the service gives. */
async function answerNext(
  change: (answer: { readonly UploadAuth: string }) => Promise<object>,
): Promise<void> {
  await page.route(
    '**/api/create',
    async (route) => {
      const answer = (await (await route.fetch()).json()) as { readonly UploadAuth: string }
      await route.fulfill({ json: await change(answer) })
    },
    { times: 1 },
  )
}

/** Credentials of the service that have ended. */
async function issueExpired(): Promise<{ readonly UploadAuth: string }> {
  const response = await fetch(`${demo.url}/api/create?ttl=1`, {
    method: 'POST',
    body: '{"name":"expired.mp4"}',
  })
  const answer = (await response.json()) as { readonly UploadAuth: string }
  const auth = JSON.parse(Buffer.from(answer.UploadAuth, 'base64').toString()) as {
    readonly ExpireUTCTime: string
  }
  // The time is given in whole seconds.
  const endsAtMs = Date.parse(auth.ExpireUTCTime) + 1000
  while (Date.now() <= endsAtMs)
    await new Promise((resolve) => setTimeout(resolve, endsAtMs - Date.now() + 1))
  return answer
}

/** Everything of the page's that outlives it, and all that it shows. */
async function dumpPage(): Promise<string> {
  const kept = await page.evaluate(async () => {
    const records: unknown[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('success', () => resolve(opening.result))
        opening.addEventListener('error', () => reject(opening.error))
      })
      for (const store of database.objectStoreNames) {
        const reading = database.transaction(store).objectStore(store).getAll()
        records.push(
          await new Promise((resolve) => reading.addEventListener('success', () => resolve(reading.result))),
        )
      }
      database.close()
    }
    const cached = await Promise.all(
      (await caches.keys()).map(async (name) =>
        (await (await caches.open(name)).keys()).map(({ url }) => url),
      ),
    )
    return JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      records,
      cached,
    ])
  })
  return `${kept}\n${await page.content()}`
}

async function readAll(directory: string): Promise<readonly Buffer[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  return Promise.all(files.map((file) => readFile(file)))
}

test('secrets are nowhere but in memory: not stored, logged, shown or thrown, also when uploads fail', async () => {
  await page.goto(demo.url)
  const drive = driveDemoPage(page)
  const upload = async (name: string, sizeBytes: number, end: string): Promise<void> => {
    const file = path.join(folder, name)
    await writeFile(file, randomBytes(sizeBytes))
    await drive.choose([file])
    await drive.reaches(name, end)
  }

  await upload('whole.mp4', 1000, 'succeeded')
  await upload('parts.mp4', 20 * MIB, 'succeeded')
  // OSS echoes the signature that it was sent, and what it should have signed.
  await answerNext(async (answer) => {
    const auth = JSON.parse(Buffer.from(answer.UploadAuth, 'base64').toString()) as object
    const forged = { ...auth, AccessKeySecret: 'not-the-secret-of-this-key' }
    return { ...answer, UploadAuth: Buffer.from(JSON.stringify(forged)).toString('base64') }
  })
  await upload('forged.mp4', 1000, 'failed')
  expect(await drive.row('forged.mp4').textContent()).toContain('SignatureDoesNotMatch')
  // OSS echoes the token, and goes on to do so for what comes in its place.
  const expired = await issueExpired()
  await page.route('**/api/create', (route) => route.fulfill({ json: expired }), { times: 1 })
  await page.route('**/api/refresh', (route) => route.fulfill({ json: expired }))
  await upload('expired.mp4', 1000, 'failed')
  expect(await drive.row('expired.mp4').textContent()).toContain('SecurityTokenExpired')
  await page.unroute('**/api/refresh')
  // One that is not ended has a checkpoint.
  const left = path.join(folder, 'left.mp4')
  await writeFile(left, randomBytes(64 * MIB))
  await drive.choose([left])
  await drive.sends('left.mp4')
  await drive.press('left.mp4', 'pause')

  const shown = await dumpPage()
  expect(shown).toContain('"uploadId"')
  await context.close()
  const output = demo.output()
  const log = await readFile(path.join(folder, 'data', 'oss', 'access.jsonl'), 'utf8')

  // Four sets of credentials, and a signature of each of the requests with file bytes at least.
  expect(secrets.size).toBeGreaterThan(4 * 3 + 5)
  expect(secrets).not.toContain('')
  const texts = { shown, printed: printed.join('\n'), output, log }
  const stored = await readAll(path.join(folder, 'profile'))
  for (const secret of secrets) {
    for (const [place, text] of Object.entries(texts)) {
      expect(text.includes(secret), `a secret in what was ${place}`).toBe(false)
    }
    const forms = [Buffer.from(secret), Buffer.from(secret, 'utf16le')]
    const isStored = stored.some((bytes) => forms.some((form) => bytes.includes(form)))
    expect(isStored, "a secret in the browser's profile").toBe(false)
  }
})
