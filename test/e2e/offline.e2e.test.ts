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

test('a browser that goes offline shows it, and goes on by itself when it is back', async () => {
  const { demo, foreign, gate, stored, folder } = gated
  const file = path.join(folder, 'offline.mp4')
  await writeRandomFile(file, 96 * MIB)
  const page = await browser.newPage()
  const drive = driveDemoPage(page)
  gate.throttle(40 * MIB)
  await page.goto(`${demo.url}/?api=${foreign.url}`)
  await drive.choose([file])
  await drive.sends('offline.mp4', 16 * MIB)
  await page.context().setOffline(true)
  await drive.reaches('offline.mp4', 'waiting')
  expect(await drive.row('offline.mp4').innerText()).toContain('Waiting for the network')
  await page.context().setOffline(false)
  gate.release()
  await drive.reaches('offline.mp4', 'succeeded')
  expect(await stored.sha256(await drive.fact('offline.mp4', 'Key'))).toBe(await sha256OfFile(file))
})
