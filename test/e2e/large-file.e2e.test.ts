import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { driveDemoPage } from './demo-page.ts'
import { runDemo } from './run-demo.ts'
import { sha256OfFile, writeRandomFile } from './source-files.ts'
import { openStoredObjects } from './stored-objects.ts'

const MIB = 1024 ** 2

test('a file of 300 MiB arrives byte for byte, each part sent once', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-large-'))
  const dataDir = path.join(folder, 'data')
  const source = path.join(folder, 'large.mp4')
  const sizeBytes = 300 * MIB + 1
  await writeRandomFile(source, sizeBytes)

  const demo = await runDemo({ dataDir })
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
  try {
    const page = await browser.newPage()
    await page.goto(demo.url)
    const drive = driveDemoPage(page)
    await drive.choose([source])
    await drive.reaches('large.mp4', 'succeeded')

    const key = await drive.fact('large.mp4', 'Key')
    const stored = openStoredObjects(dataDir)
    expect(await stored.sha256(key)).toBe(await sha256OfFile(source))
    const parts = (await stored.log(key)).flatMap(({ partNumber }) => partNumber ?? [])
    expect(parts.length).toBeGreaterThan(10)
    expect(parts.toSorted((a, b) => a - b)).toEqual(parts.map((_, index) => index + 1))
  } finally {
    await browser.close()
    await demo.stop()
    await rm(folder, { recursive: true })
  }
})
