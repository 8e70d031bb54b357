import { expect } from 'vitest'
import type { openBarePage } from '../harness/bare-chromium.mjs'

type BarePage = Awaited<ReturnType<typeof openBarePage>>

/** In the page: the status of its first upload, undefined before there is one. */
export const STATUS = 'document.querySelector("[data-testid=upload]")?.dataset.status'

/** The demo's page in a Chromium that only the DevTools drive, by the hooks that it promises. Its uploads: one at a time. */
export interface BareDemoPage extends Pick<BarePage, 'evaluate' | 'command' | 'crashTab'> {
  /** Looks until an expression is true. */
  waitFor(condition: string): Promise<void>
  /** Chooses a file as a person does in the file dialog. */
  pick(file: string): Promise<void>
  /** Resolves when more of the upload is sent. */
  sends(bytes: number): Promise<void>
  /** Resolves with the key of the object when the upload has succeeded; fails when it ends otherwise. */
  finish(): Promise<string>
  /** Resolves when the reloaded page is there. */
  reload(): Promise<void>
  /** Resolves when the page of another URL is there. */
  visit(url: string): Promise<void>
  /** Opens the same page in another tab. */
  openTab(): Promise<BareDemoPage>
  /** Ends the browser at once, as a crash does; the profile stays. */
  kill(): Promise<void>
  /** Ends the browser, unless it has ended. */
  close(): Promise<void>
}

export function driveBareDemoPage(page: BarePage): BareDemoPage {
  let isOpen = true
  const { evaluate, command, crashTab } = page

  const waitFor = async (condition: string): Promise<void> => {
    while ((await evaluate(condition)) !== true) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const leave = async (method: string, params?: object): Promise<void> => {
    await evaluate('window.isOld = true')
    await command(method, params)
    // A page that is just being left answers nothing.
    const isThere = (): Promise<unknown> =>
      evaluate('window.isOld === undefined && document.readyState === "complete"').catch(() => false)
    while ((await isThere()) !== true) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  return {
    evaluate,
    command,
    crashTab,
    waitFor,
    pick: (file) => page.setFiles('[data-testid=file-input]', [file]),
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
    reload: () => leave('Page.reload'),
    visit: (url) => leave('Page.navigate', { url }),
    async openTab() {
      const tab = driveBareDemoPage(await page.openTab())
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
