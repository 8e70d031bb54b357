import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { runDemo } from './run-demo.ts'
import type { RunningDemo } from './run-demo.ts'

let dataDir: string
let demo: RunningDemo
let browser: Browser
let page: Page

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'sluice-bench-page-'))
  demo = await runDemo({ dataDir })
  const executablePath = findChromium()
  browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
  page = await browser.newPage()
  await page.goto(demo.url)
  await page.getByRole('link', { name: 'Benchmark' }).click()
})

afterEach(async () => {
  await browser.close()
  await demo.stop()
  await rm(dataDir, { recursive: true })
})

test('every way uploads files that the page makes, and nothing is left in the storage', async () => {
  await page.getByLabel('Size of each').selectOption('50 KiB')
  await page.getByLabel('Count').fill('2')
  await page.getByLabel('Rounds').fill('1')
  const ways = await page
    .getByRole('checkbox', { checked: true })
    .evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value))
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByTestId('bench-status').getByText('Done').waitFor()

  expect(await page.getByTestId('bench-message').textContent()).toBe('')
  const rows = await page.locator('tr[data-contender]').evaluateAll((found) =>
    found.map((row) => ({
      way: (row as HTMLElement).dataset['contender'],
      speed: Number.parseFloat(row.children[1]?.textContent ?? ''),
      failed: row.children[5]?.textContent,
    })),
  )
  expect(rows).toEqual(ways.map((way) => ({ way, speed: expect.any(Number), failed: '' })))
  expect(rows.every(({ speed }) => speed > 0)).toBe(true)
  expect(await storedObjects()).toEqual([])
})

test('what is missing is said before anything is sent', async () => {
  await page.getByLabel('Another OSS').check()
  await page.getByLabel('Endpoint').fill('https://oss-cn-shanghai.aliyuncs.com')
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByTestId('bench-message').getByText('Region of the other OSS is missing.').waitFor()
  expect(await page.getByTestId('bench-results').isHidden()).toBe(true)
})

test('it speaks Chinese, and leads back with the query that it was given', async () => {
  await page.goto(`${demo.url}/bench.html?lang=zh`)
  expect(await page.title()).toBe('Sluice: 性能测试')
  await page.getByLabel('其他 OSS').check()
  await page.getByRole('button', { name: '开始' }).click()
  await page.getByTestId('bench-message').getByText('缺少其他 OSS 的 Endpoint。').waitFor()
  await page.getByRole('link', { name: '上传' }).click()
  await page.waitForURL(`${demo.url}/?lang=zh`)
  expect(await page.locator('nav [aria-current=page]').textContent()).toBe('上传')
})

async function storedObjects(): Promise<readonly string[]> {
  const entries = await readdir(path.join(dataDir, 'oss'), { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) => entry.isFile() && !entry.parentPath.includes('.sluice') && entry.name !== 'access.jsonl',
    )
    .map(({ name }) => name)
}
