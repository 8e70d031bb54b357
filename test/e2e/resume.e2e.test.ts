import { createHash, randomFillSync } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBarePage } from '../harness/bare-chromium.mjs'
import { startForeignService } from './foreign-service.ts'
import type { ForeignService } from './foreign-service.ts'
import { openGate } from '../harness/gate.ts'
import type { Gate } from '../harness/gate.ts'
import { runDemo } from './run-demo.ts'
import type { RunningDemo } from './run-demo.ts'
import { openStoredObjects } from './stored-objects.ts'
import type { LoggedRequest, StoredObjects } from './stored-objects.ts'

type BarePage = Awaited<ReturnType<typeof openBarePage>>

const MIB = 1024 ** 2
const PART_BYTES = 8 * MIB
const PARALLEL_PARTS = 5

let folder: string
let demo: RunningDemo
let stored: StoredObjects
let gate: Gate
let foreign: ForeignService

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-resume-'))
  const dataDir = path.join(folder, 'data')
  demo = await runDemo({ dataDir })
  stored = openStoredObjects(dataDir)
  gate = await openGate(await ossPort())
  foreign = await startForeignService({
    apiUrl: `${demo.url}/api`,
    toEndpoint: async () => `http://127.0.0.1:${gate.port}`,
  })
})
afterAll(async () => {
  await foreign?.close()
  await gate?.close()
  await demo?.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

let profile: string
const pages = new Set<BarePage>()
beforeEach(async () => {
  profile = await mkdtemp(path.join(folder, 'profile-'))
})
afterEach(async () => {
  gate.release()
  for (const page of pages) await page.close()
  pages.clear()
})

async function ossPort(): Promise<number> {
  const response = await fetch(`${demo.url}/api/create`, { method: 'POST', body: '{"name":"probe.mp4"}' })
  const { UploadAddress } = (await response.json()) as { UploadAddress: string }
  const { Endpoint } = JSON.parse(Buffer.from(UploadAddress, 'base64').toString()) as { Endpoint: string }
  return Number(new URL(Endpoint).port)
}

/** Opens the demo in a browser on this test's profile; its uploads go through the gate. */
async function openPage(query = ''): Promise<BarePage> {
  const api = encodeURIComponent(foreign.url + query)
  const page = await openBarePage(`${demo.url}/?api=${api}`, profile)
  pages.add(page)
  await waitFor(page, 'document.readyState === "complete"')
  return page
}

/** Looks until an expression is true in the page. */
async function waitFor(page: BarePage, condition: string): Promise<void> {
  while ((await page.evaluate(condition)) !== true) await sleep(20)
}

const rowState = 'document.querySelector("[data-testid=upload]")?.dataset.status'
const pick = (page: BarePage, file: string): Promise<void> =>
  page.setFiles('[data-testid=file-input]', [file])
async function finish(page: BarePage): Promise<string> {
  await waitFor(page, `["succeeded", "failed", "canceled", "paused"].includes(${rowState})`)
  expect(await page.evaluate('document.querySelector("[data-testid=upload]").innerText')).toContain(
    'Uploaded',
  )
  return String(
    await page.evaluate(
      `[...document.querySelectorAll('[data-testid=upload] dt')].find((dt) => dt.textContent === 'Key').nextElementSibling.textContent`,
    ),
  )
}

async function makeFile(name: string, sizeBytes: number): Promise<string> {
  const file = path.join(folder, name)
  const handle = await open(file, 'w')
  const block = Buffer.alloc(4 * MIB)
  for (let written = 0; written < sizeBytes; written += block.length) {
    await handle.write(randomFillSync(block), 0, Math.min(block.length, sizeBytes - written))
  }
  await handle.close()
  return file
}

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function expectStored(key: string, file: string): Promise<void> {
  const oss = path.join(folder, 'data', 'oss')
  const [bucket = ''] = (await readdir(oss)).filter((name) => name.startsWith('outin-'))
  expect(await sha256OfFile(path.join(oss, bucket, key))).toBe(await sha256OfFile(file))
}

/** Parts that the service stored, once for each time. */
async function partsOf(key: string): Promise<readonly LoggedRequest[]> {
  return (await stored.log(key)).filter(({ op }) => op === 'UploadPart')
}

/** Numbers below 1 that are the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('an upload goes on', () => {
  test('after a reload in the middle: the page lists it, and the same file is recognised', async () => {
    const file = await makeFile('reload.mp4', 96 * MIB)
    gate.throttle(40 * MIB)
    const page = await openPage()
    await pick(page, file)
    await waitFor(page, `Number(document.querySelector("[data-testid=upload]")?.dataset.sent) > ${48 * MIB}`)
    await page.evaluate('location.reload()').catch(() => undefined)
    await waitFor(page, 'document.querySelector("[data-testid=resumable]") !== null')
    const waiting = await page.evaluate('({ ...document.querySelector("[data-testid=resumable]").dataset })')
    expect(waiting).toMatchObject({ name: 'reload.mp4', total: String(96 * MIB) })
    gate.release()
    const line = await stored.length()
    await pick(page, file)
    const key = await finish(page)
    await expectStored(key, file)
    const storedParts = (await partsOf(key)).filter(({ status }) => status === 200)
    const before = storedParts.filter(({ index }) => index < line).map(({ partNumber }) => partNumber)
    const after = storedParts.filter(({ index }) => index >= line).map(({ partNumber }) => partNumber)
    expect(before.length).toBeGreaterThan(0)
    expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
    expect(new Set([...before, ...after]).size).toBe(12)
    expect(await page.evaluate('document.querySelector("[data-testid=resumable]") === null')).toBe(true)
  })

  test.each([
    ['', 20, 1],
    ['?ttl=3', 20, 2],
  ])('after the browser is killed again and again (%s %i times)', async (query, kills, seed) => {
    // Large enough that no machine is done before the last kill.
    const sizeBytes = 1024 * MIB
    const file = await makeFile('killed.mp4', sizeBytes)
    const random = createRandom(seed)
    const openedBefore = await stored.count('InitiateMultipartUpload')
    gate.throttle(50 * MIB)
    // Lines of the log at which a browser was started again: what stands before them the service had stored.
    const restarts: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      const page = await openPage(query)
      restarts.push(await stored.length())
      await pick(page, file)
      await waitFor(page, `!['queued', 'preparing', undefined].includes(${rowState})`)
      expect(await page.evaluate('document.querySelector("[data-testid=upload]").innerText')).toContain(
        'Uploading',
      )
      // The moment is the point of the test.
      await sleep(100 + random() * 800)
      pages.delete(page)
      await page.kill()
    }
    gate.release()
    const page = await openPage(query)
    restarts.push(await stored.length())
    await pick(page, file)
    const key = await finish(page)
    await expectStored(key, file)
    const parts = await partsOf(key)
    const storedParts = parts.filter(({ status }) => status === 200)
    expect(new Set(storedParts.map(({ partNumber }) => partNumber)).size).toBe(sizeBytes / PART_BYTES)
    for (const line of restarts) {
      const before = new Set(
        storedParts.filter(({ index }) => index < line).map(({ partNumber }) => partNumber),
      )
      const again = storedParts.filter(({ index, partNumber }) => index >= line && before.has(partNumber))
      expect(again).toEqual([])
    }
    const sent = parts.reduce((sum, { bytesIn }) => sum + bytesIn, 0)
    expect(sent - sizeBytes).toBeLessThanOrEqual(kills * PARALLEL_PARTS * PART_BYTES)
    // It was one upload all the time, killed in the middle of parts.
    const opened = (await stored.log(key)).filter(({ op }) => op === 'InitiateMultipartUpload')
    expect(opened).toHaveLength(1)
    expect(await stored.count('InitiateMultipartUpload')).toBe(openedBefore + 1)
    expect(sent).toBeGreaterThan(sizeBytes)
    await rm(file)
  })

  test('in a second tab with the same file, when the first one crashes', async () => {
    const file = await makeFile('twice.mp4', 96 * MIB)
    gate.throttle(20 * MIB)
    const first = await openPage()
    await pick(first, file)
    await waitFor(first, `Number(document.querySelector("[data-testid=upload]")?.dataset.sent) > ${32 * MIB}`)
    const second = await first.openTab()
    await waitFor(second, 'document.readyState === "complete"')
    await pick(second, file)
    await waitFor(second, `${rowState} === 'waiting'`)
    first.crashTab()
    await waitFor(second, `${rowState} === 'uploading'`)
    gate.release()
    const key = await finish(second)
    await expectStored(key, file)
    const numbers = (await partsOf(key))
      .filter(({ status }) => status === 200)
      .map(({ partNumber }) => partNumber)
    expect(new Set(numbers).size).toBe(12)
    // What was on its way when the tab crashed may have arrived after the second tab had asked what is there.
    expect(numbers.length).toBeLessThanOrEqual(12 + PARALLEL_PARTS)
  })
})
