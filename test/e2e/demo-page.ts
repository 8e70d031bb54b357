import type { Locator, Page } from 'playwright'

/** The demo's page, by the hooks that it promises. */
export interface DemoPage {
  /** Chooses files as a person does in the file dialog. */
  choose(paths: readonly string[]): Promise<void>
  /** Drops files and folders as a file manager does. */
  drop(paths: readonly string[]): Promise<void>
  /** The row of a file. */
  row(name: string): Locator
  /** Resolves when a file is in a state. */
  reaches(name: string, status: string): Promise<void>
  /** Resolves when some of a file was sent, or more than so many bytes. */
  sends(name: string, bytes?: number): Promise<void>
  press(name: string, action: 'pause' | 'resume' | 'cancel' | 'retry'): Promise<void>
  /** Of a succeeded upload: what the row shows beside this label. */
  fact(name: string, label: string): Promise<string>
}

export function driveDemoPage(page: Page): DemoPage {
  const row = (name: string): Locator =>
    page.locator(`[data-testid=upload][data-name=${JSON.stringify(name)}]`)
  return {
    row,
    async choose(paths) {
      await page.locator('[data-testid=file-input]').setInputFiles([...paths])
    },
    async drop(paths) {
      const { x, y } = (await page.locator('[data-testid=drop-area]').boundingBox()) ?? { x: 0, y: 0 }
      const cdp = await page.context().newCDPSession(page)
      const data = { items: [], files: [...paths], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await cdp.send('Input.dispatchDragEvent', { type, x: x + 20, y: y + 20, data })
      }
      await cdp.detach()
    },
    async reaches(name, status) {
      await page.waitForSelector(
        `[data-testid=upload][data-name=${JSON.stringify(name)}][data-status=${status}]`,
      )
    },
    async sends(name, bytes = 0) {
      await page.waitForFunction(
        ([selector, least]) => Number(document.querySelector<HTMLElement>(selector)?.dataset['sent']) > least,
        [`[data-testid=upload][data-name=${JSON.stringify(name)}][data-status=uploading]`, bytes] as const,
      )
    },
    async press(name, action) {
      await row(name).locator(`[data-action=${action}]`).click()
    },
    async fact(name, label) {
      const value = row(name).locator(`dt:text-is(${JSON.stringify(label)}) + dd`)
      return (await value.textContent()) ?? ''
    },
  }
}
