import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { createDemoBench } from './demo-bench.ts'

const MIB = 1024 ** 2
const bench = createDemoBench()

/** All rules of axe: WCAG 2.2 at levels A and AA, and its best practices. */
async function violations(page: Page): Promise<readonly string[]> {
  // Through the protocol: the page's own CSP lets no other script in.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const found = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  expect(found.passes.length).toBeGreaterThan(10)
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

describe.each<[string, BrowserContextOptions]>([
  ['light, English, wide', { colorScheme: 'light', locale: 'en-US', viewport: { width: 1280, height: 900 } }],
  ['dark, Chinese, wide', { colorScheme: 'dark', locale: 'zh-CN', viewport: { width: 1280, height: 900 } }],
  ['dark, English, a phone', { colorScheme: 'dark', locale: 'en-US', viewport: { width: 390, height: 844 } }],
  [
    'light, Chinese, a phone',
    { colorScheme: 'light', locale: 'zh-CN', viewport: { width: 390, height: 844 } },
  ],
])('axe finds nothing to complain of: %s', (_, options) => {
  test('in the uploader: empty, in the middle, failed, done, unfinished, asked', async () => {
    const [film, broken, note] = await Promise.all([
      bench.makeFile('film.mp4', 96 * MIB),
      bench.makeFile('broken.mp4', 1000),
      bench.makeFile('note.txt', 1000),
    ])
    bench.gate.throttle(40 * MIB)
    const { page, drive, complaints } = await bench.open('gated', options)
    expect(await violations(page)).toEqual([])

    bench.foreign.refuseOnce()
    await drive.choose([broken.path])
    await drive.reaches('broken.mp4', 'failed')
    await drive.choose([film.path, note.path])
    await drive.reaches('note.txt', 'succeeded')
    await drive.sends('film.mp4', 56 * MIB)
    for (const testId of ['trouble', 'engine']) {
      const disclosure = page.getByTestId(testId)
      if ((await disclosure.getAttribute('open')) === null) await disclosure.locator('summary').click()
    }
    await page.getByTestId('part-map').waitFor()
    expect(await violations(page)).toEqual([])

    await page.reload()
    await page.getByTestId('resumable').waitFor()
    expect(await violations(page)).toEqual([])
    await page.locator('[data-action=discard]').click()
    await page.getByRole('dialog').waitFor()
    expect(await violations(page)).toEqual([])
    // What a refusal of the service is to the browser.
    expect(complaints.filter((complaint) => !complaint.includes('403'))).toEqual([])
  })

  test('in the benchmark', async () => {
    const { page } = await bench.open('/', options)
    await page.locator('nav a').last().click()
    await page.getByTestId('bench-form').waitFor()
    expect(await violations(page)).toEqual([])
    await page.locator('[name=count]').fill('1')
    await page.locator('[name=size]').selectOption('51200')
    await page.locator('[name=rounds]').fill('1')
    await page.locator('[data-action=run]').click()
    await page.locator('tr[data-contender] >> nth=-1').waitFor()
    await page.locator('[data-action=run]:enabled').waitFor()
    expect(await violations(page)).toEqual([])
  })
})
