import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { chromium } from 'playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { driveDemoPage } from './demo-page.ts'
import type { DemoPage } from './demo-page.ts'
import { startGatedDemo } from './gated-demo.ts'
import type { GatedDemo } from './gated-demo.ts'
import { sha256OfFile, writeRandomFile } from './source-files.ts'

/** A page of the demo, with its driver. */
export interface OpenDemo {
  readonly page: Page
  readonly drive: DemoPage
  /** What the browser complains of: errors of scripts, refusals of the CSP, resources that are missing. */
  readonly complaints: readonly string[]
}

export interface SourceFile {
  readonly path: string
  readonly sha256: string
}

/** What the tests of the demo's page share: one demo and browser for a file of tests, pages for each test. */
export interface DemoBench extends Pick<GatedDemo, 'demo' | 'gate' | 'foreign' | 'stored' | 'folder'> {
  /**
   * Opens the page.
   *
   * @param address path and query, or a whole URL; `gated` for the page whose uploads go through the gate
   */
  open(address?: string, options?: BrowserContextOptions): Promise<OpenDemo>
  /** Writes a file of random bytes. */
  makeFile(name: string, sizeBytes: number): Promise<SourceFile>
}

/** Registers what runs before and after the tests of a file. */
export function createDemoBench(): DemoBench {
  let gated: GatedDemo | undefined
  let browser: Browser | undefined
  const opened: Page[] = []
  const started = (): GatedDemo => {
    if (gated === undefined) throw new Error('The demo has not been started')
    return gated
  }

  beforeAll(async () => {
    gated = await startGatedDemo()
    const executablePath = findChromium()
    browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
  })
  afterEach(async () => {
    gated?.gate.release()
    for (const page of opened.splice(0)) await page.context().close()
  })
  afterAll(async () => {
    await browser?.close()
    await gated?.close()
  })

  return {
    get demo() {
      return started().demo
    },
    get gate() {
      return started().gate
    },
    get foreign() {
      return started().foreign
    },
    get stored() {
      return started().stored
    },
    get folder() {
      return started().folder
    },
    async open(address = '/', options = {}) {
      if (browser === undefined) throw new Error('The browser has not been started')
      const page = await browser.newPage(options)
      opened.push(page)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      const query = address === 'gated' ? `/?api=${started().foreign.url}` : address
      await page.goto(new URL(query, started().demo.url).href)
      await page.locator('[data-testid=file-input]').waitFor({ state: 'attached' })
      return { page, drive: driveDemoPage(page), complaints }
    },
    async makeFile(name, sizeBytes) {
      const file = path.join(started().folder, 'sources', name)
      await mkdir(path.dirname(file), { recursive: true })
      await writeRandomFile(file, sizeBytes)
      return { path: file, sha256: await sha256OfFile(file) }
    },
  }
}
