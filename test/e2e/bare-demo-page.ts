import { expect } from 'vitest'
import type { openBarePage } from '../harness/bare-chromium.mjs'
import type { DrivenPage } from '../browsers/driven-page.ts'

type BarePage = Awaited<ReturnType<typeof openBarePage>>

/** In the page: the status of its first upload, undefined before there is one. */
export const STATUS = 'document.querySelector("[data-testid=upload]")?.dataset.status'

/** The demo's page in a browser, by the hooks that it promises. Its uploads: one at a time. */
export interface DrivenDemoPage extends Pick<DrivenPage, 'evaluate' | 'closeTab'> {
  /** Looks until an expression is true. */
  waitFor(condition: string): Promise<void>
  /** Chooses files as a person does in the file dialog. */
  pick(...files: readonly string[]): Promise<void>
  /** Resolves when more of the upload is sent. */
  sends(bytes: number): Promise<void>
  /** Resolves with the key of the object when the upload has succeeded; fails when it ends otherwise. */
  finish(): Promise<string>
  /** Resolves when the reloaded page is there. */
  reload(): Promise<void>
  /** Resolves when the page of another URL is there. */
  visit(url: string): Promise<void>
  /** Opens the same page in another tab. */
  openTab(): Promise<DrivenDemoPage>
  /** Ends the browser at once, as a crash does; the profile stays. */
  kill(): Promise<void>
  /** Ends the browser, unless it has ended. */
  close(): Promise<void>
}

/** The same in a Chromium that only the DevTools drive. */
export interface BareDemoPage extends DrivenDemoPage, Pick<BarePage, 'command' | 'crashTab'> {
  openTab(): Promise<BareDemoPage>
}

export function driveBareDemoPage(page: BarePage): BareDemoPage {
  const { command, crashTab } = page
  return {
    ...driveDemoPage(page),
    command,
    crashTab,
    async openTab() {
      const tab = driveBareDemoPage(await page.openTab())
      await tab.waitFor('document.readyState === "complete"')
      return tab
    },
  }
}

export function driveDemoPage(page: DrivenPage): DrivenDemoPage {
  let isOpen = true
  const { evaluate, closeTab } = page

  const waitFor = async (condition: string): Promise<void> => {
    while ((await evaluate(condition)) !== true) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const leave = async (go: () => Promise<unknown>): Promise<void> => {
    await evaluate('window.isOld = true')
    await go()
    // A page that is just being left answers nothing.
    const isThere = (): Promise<unknown> =>
      evaluate('window.isOld === undefined && document.readyState === "complete"').catch(() => false)
    while ((await isThere()) !== true) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  return {
    evaluate,
    closeTab,
    waitFor,
    pick: (...files) => page.setFiles('[data-testid=file-input]', files),
    sends: (bytes) =>
      waitFor(`Number(document.querySelector("[data-testid=upload]")?.dataset.sent) > ${bytes}`),
    async finish() {
      await waitFor(`["succeeded", "failed", "canceled", "paused"].includes(${STATUS})`)
      expect(await evaluate('document.querySelector("[data-testid=upload]").innerText')).toContain('Uploaded')
      return String(
        await evaluate(
          `[...document.querySelectorAll('[data-testid=upload] dt')].find((dt) => dt.textContent === 'Key').nextElementSibling.textContent`,
        ),
      )
    },
    reload: () => leave(page.reload),
    visit: (url) => leave(() => page.visit(url)),
    async openTab() {
      const tab = driveDemoPage(await page.openTab())
      await tab.waitFor('document.readyState === "complete"')
      return tab
    },
    async kill() {
      isOpen = false
      await page.kill()
    },
    async close() {
      if (isOpen) await page.close()
    },
  }
}
