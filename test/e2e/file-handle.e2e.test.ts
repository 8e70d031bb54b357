import path from 'node:path'
import { chromium } from 'playwright'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { driveDemoPage } from './demo-page.ts'
import { startGatedDemo } from './gated-demo.ts'
import type { GatedDemo } from './gated-demo.ts'
import { sha256OfFile, writeRandomFile } from './source-files.ts'

const MIB = 1024 ** 2

let gated: GatedDemo
let browser: Browser
beforeAll(async () => {
  gated = await startGatedDemo()
  const executablePath = findChromium()
  browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
})
afterAll(async () => {
  await browser?.close()
  await gated?.close()
})

test('a dropped file goes on after a reload with one click, without being picked again', async () => {
  const { demo, foreign, gate, stored, folder } = gated
  const file = path.join(folder, 'dropped.mp4')
  await writeRandomFile(file, 96 * MIB)
  // In a context like this one, a private window, the permission to read the file outlives a reload; a profile of its own
  // asks for it again, in a dialog that nobody can answer here.
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  const drive = driveDemoPage(page)
  gate.throttle(40 * MIB)
  await page.goto(`${demo.url}/?api=${foreign.url}`)
  await drive.drop([file])
  await drive.sends('dropped.mp4', 48 * MIB)
  await page.reload()
  const unfinished = page.locator('[data-testid=resumable][data-name="dropped.mp4"]')
  await unfinished.waitFor()
  expect(await unfinished.innerText()).not.toContain('Choose this file again')
  gate.release()
  const line = await stored.length()
  await unfinished.getByRole('button', { name: 'Continue' }).click()
  await drive.reaches('dropped.mp4', 'succeeded')

  const key = await drive.fact('dropped.mp4', 'Key')
  expect(await stored.sha256(key)).toBe(await sha256OfFile(file))
  const { before, after } = await stored.parts(key, line)
  expect(before.length).toBeGreaterThan(0)
  expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
  expect(new Set([...before, ...after]).size).toBe(12)
  const opened = (await stored.log(key)).filter(({ op }) => op === 'InitiateMultipartUpload')
  expect(opened).toHaveLength(1)
  expect(await page.locator('[data-testid=unfinished]').isVisible()).toBe(false)
  expect(await page.locator('[data-testid=message]').textContent()).toBe('')
  expect(complaints).toEqual([])
})
