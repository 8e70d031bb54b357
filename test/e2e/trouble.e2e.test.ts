import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { driveDemoPage } from './demo-page.ts'
import { runDemo } from './run-demo.ts'
import type { RunningDemo } from './run-demo.ts'
import { sha256OfFile, writeRandomFile } from './source-files.ts'
import { openStoredObjects } from './stored-objects.ts'

const MIB = 1024 ** 2

let folder: string
let demo: RunningDemo
let browser: Browser
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-e2e-'))
  demo = await runDemo({ dataDir: folder })
  const executablePath = findChromium()
  browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

const order = async (kind: string): Promise<void> => {
  const response = await fetch(`${demo.url}/api/trouble`, { method: 'POST', body: JSON.stringify({ kind }) })
  expect(response.status).toBe(200)
}

/** What a line of the access log says of a request that met trouble. */
async function met(): Promise<readonly string[]> {
  const text = await readFile(path.join(folder, 'oss', 'access.jsonl'), 'utf8')
  return text.split('\n').flatMap((line) => {
    if (line === '') return []
    const { code, faults } = JSON.parse(line) as { readonly code: string; readonly faults: readonly string[] }
    return [code, ...faults]
  })
}

test('an upload recovers from all trouble that the demo can make', async () => {
  const file = path.join(folder, 'trouble.mp4')
  await writeRandomFile(file, 96 * MIB)
  const page = await browser.newPage()
  const drive = driveDemoPage(page)
  await page.goto(demo.url)
  await order('slow-link')
  // Before the rest: a request that is refused stores nothing that could be damaged.
  await order('corrupt-answer')
  await drive.choose([file])
  await drive.sends('trouble.mp4', 8 * MIB)
  await order('expire-credentials')
  await order('unavailable')
  await expect
    .poll(met, { timeout: 60_000 })
    .toEqual(expect.arrayContaining(['SecurityTokenExpired', 'ServiceUnavailable', 'corrupt-body']))
  await order('drop-connections')
  await expect.poll(met, { timeout: 60_000 }).toContain('reset')
  await order('offline')
  await drive.reaches('trouble.mp4', 'waiting')
  await fetch(`${demo.url}/api/trouble`, { method: 'DELETE' })
  await drive.reaches('trouble.mp4', 'succeeded')
  const key = await drive.fact('trouble.mp4', 'Key')
  expect(await openStoredObjects(folder).sha256(key)).toBe(await sha256OfFile(file))
})
