import { mkdtemp } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { openBarePage } from '../harness/bare-chromium.mjs'
import { driveBareDemoPage, driveDemoPage } from './bare-demo-page.ts'
import type { BareDemoPage, DrivenDemoPage } from './bare-demo-page.ts'
import { openPage } from '../browsers/driven-page.ts'
import type { EngineName } from '../browsers/driven-page.ts'
import { startGatedDemo } from './gated-demo.ts'
import type { GatedDemo } from './gated-demo.ts'
import { writeRandomFile } from './source-files.ts'

/** What the tests share that open the demo in a Chromium of their own. */
export interface BareDemo extends Pick<GatedDemo, 'demo' | 'stored' | 'gate'> {
  /** Profile of the running test's browsers. */
  readonly profile: string
  /** The demo's page; its uploads go through the gate. The query is for the authorization service. */
  url(apiQuery?: string): string
  /** Opens a page in a browser on this test's profile; without a URL the demo's. */
  open(url?: string): Promise<BareDemoPage>
  /** Does the same in a browser of any engine. */
  openIn(engine: EngineName, url?: string): Promise<DrivenDemoPage>
  /** Makes a file of random bytes. */
  makeFile(name: string, sizeBytes: number): Promise<string>
}

/** Registers what runs before and after each test of a file. */
export function createBareDemo(): BareDemo {
  let gated: GatedDemo
  let profile: string
  const pages: DrivenDemoPage[] = []
  beforeAll(async () => {
    gated = await startGatedDemo()
  })
  afterAll(() => gated?.close())
  beforeEach(async () => {
    profile = await mkdtemp(path.join(gated.folder, 'profile-'))
  })
  afterEach(async () => {
    gated.gate.release()
    for (const page of pages.splice(0)) await page.close()
  })

  const url = (apiQuery = ''): string =>
    `${gated.demo.url}/?api=${encodeURIComponent(gated.foreign.url + apiQuery)}`
  const opened = async <T extends DrivenDemoPage>(page: T): Promise<T> => {
    pages.push(page)
    await page.waitFor('document.readyState === "complete"')
    return page
  }
  return {
    get demo() {
      return gated.demo
    },
    get stored() {
      return gated.stored
    },
    get gate() {
      return gated.gate
    },
    get profile() {
      return profile
    },
    url,
    open: async (target = url()) => opened(driveBareDemoPage(await openBarePage(target, profile))),
    openIn: async (engine, target = url()) => opened(driveDemoPage(await openPage(engine, target, profile))),
    async makeFile(name, sizeBytes) {
      const file = path.join(gated.folder, name)
      await writeRandomFile(file, sizeBytes)
      return file
    },
  }
}
