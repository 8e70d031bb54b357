import { firefox } from 'playwright'
import type { Page } from 'playwright'
import { openBarePage } from '../harness/bare-chromium.mjs'
import { killTree, processesWith } from '../harness/process-tree.mjs'
import { INSECURE_HOST } from './insecure-host.mjs'
import { FIREFOX_LAUNCH } from './firefox.mjs'
import { startWebKit } from './webkit-driver.ts'
import type { WebKitDriver } from './webkit-driver.ts'

/** As for all tests: no name is looked up. */
const OTHER_HOSTS = 'MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE localhost,EXCLUDE *.localhost'

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** A page in a browser of any engine. */
export interface DrivenPage {
  /** Awaits promises; the value must be JSON. */
  readonly evaluate: (expression: string) => Promise<unknown>
  /** Chooses files in a file input. */
  readonly setFiles: (selector: string, files: readonly string[]) => Promise<void>
  /** Resolves when it has begun. */
  readonly reload: () => Promise<unknown>
  /** Resolves when it has begun. */
  readonly visit: (url: string) => Promise<unknown>
  /** Opens the same URL in another tab. */
  readonly openTab: () => Promise<DrivenPage>
  readonly closeTab: () => Promise<void>
  /** Ends the browser at once, as a crash does; the profile stays. */
  readonly kill: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Opens a page in a browser of its own.
 *
 * @param profile folder of the profile
 */
export function openPage(engine: EngineName, url: string, profile: string): Promise<DrivenPage> {
  switch (engine) {
    case 'chromium':
      return openBarePage(url, profile, {
        switches: [`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1,${OTHER_HOSTS}`],
      })
    case 'firefox':
      return openInFirefox(url, profile)
    case 'webkit':
      return openInWebKit(url, profile)
  }
}

async function openInFirefox(url: string, profile: string): Promise<DrivenPage> {
  const context = await firefox.launchPersistentContext(profile, FIREFOX_LAUNCH)
  const drive = (page: Page): DrivenPage => ({
    evaluate: (expression) => page.evaluate(expression),
    setFiles: (selector, files) => page.setInputFiles(selector, [...files]),
    reload: () => page.reload(),
    visit: (target) => page.goto(target),
    async openTab() {
      const tab = await context.newPage()
      await tab.goto(url)
      return drive(tab)
    },
    closeTab: () => page.close(),
    async kill() {
      const closed = context.waitForEvent('close')
      for (const pid of await processesWith(profile)) await killTree(pid)
      await closed
    },
    close: () => context.close(),
  })
  const page = context.pages()[0] ?? (await context.newPage())
  await page.goto(url)
  return drive(page)
}

async function openInWebKit(url: string, profile: string): Promise<DrivenPage> {
  const driver = await startWebKit(profile)
  await driver.command('POST', '/timeouts', { script: 60_000 })
  let last: Promise<unknown> = Promise.resolve()

  /** One command goes to one tab at a time. */
  const inTab = <T>(handle: string, work: () => Promise<T>): Promise<T> => {
    const own = last.then(async () => {
      await driver.command('POST', '/window', { handle })
      return work()
    })
    last = own.catch(() => undefined)
    return own
  }
  const drive = (handle: string): DrivenPage => {
    const command: WebKitDriver['command'] = (...args) => inTab(handle, () => driver.command(...args))
    return {
      async evaluate(expression) {
        const script = `const done = arguments[0]; Promise.resolve().then(() => (${expression})).then(
          (value) => done({ value: value === undefined ? null : value }), (error) => done({ error: String(error) }))`
        const answer = await command('POST', '/execute/async', { script, args: [] })
        const { value, error } = answer as { readonly value?: unknown; readonly error?: string }
        if (error !== undefined) throw new Error(error)
        return value
      },
      setFiles: (selector, files) =>
        inTab(handle, async () => {
          const using = { using: 'css selector', value: selector }
          const [element] = Object.values((await driver.command('POST', '/element', using)) as object)
          await driver.command('POST', `/element/${element}/value`, { text: files.join('\n') })
        }),
      reload: () => command('POST', '/refresh'),
      visit: (target) => command('POST', '/url', { url: target }),
      async openTab() {
        const made = await command('POST', '/window/new', { type: 'tab' })
        const tab = drive((made as { readonly handle: string }).handle)
        await tab.visit(url)
        return tab
      },
      closeTab: async () => void (await command('DELETE', '/window')),
      kill: driver.kill,
      close: driver.close,
    }
  }
  const page = drive((await driver.command('GET', '/window')) as string)
  await page.visit(url)
  return page
}
