import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
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
  const query = '?lang=zh&api=/api%3Fttl%3D60'
  await page.goto(`${demo.url}/${query}`)
  await page.getByRole('link', { name: '性能测试' }).click()
  await page.waitForURL(`${demo.url}/bench.html${query}`)
  expect(await page.title()).toBe('Sluice: 性能测试')
  await page.getByLabel('其他 OSS').check()
  await page.getByRole('button', { name: '开始' }).click()
  await page.getByTestId('bench-message').getByText('缺少其他 OSS 的 Endpoint。').waitFor()

  await page.getByLabel('本页授权服务的存储').check()
  const [request] = await Promise.all([page.waitForRequest('**/api/create*'), compare('ceiling')])
  expect(request.url()).toBe(`${demo.url}/api/create?ttl=60`)

  await page.getByRole('link', { name: '上传' }).click()
  await page.waitForURL(`${demo.url}/${query}`)
  expect(await page.locator('nav [aria-current=page]').textContent()).toBe('上传')
})

test('another language changes the words, not what was chosen, entered and measured', async () => {
  const files = page.getByTestId('bench-files')
  const file = (name: string) => ({ name, mimeType: 'video/mp4', buffer: Buffer.from(name) })
  await files.setInputFiles([file('a.mp4'), file('b.mp4')])
  await page.getByText('2 chosen').waitFor()
  const input = await files.elementHandle()
  await page.getByLabel('Of this computer', { exact: true }).check()
  await page.getByLabel('Count').fill('7')
  await compare('ceiling', 'ali-oss')
  const figures = await page.locator('tr[data-contender] td').allTextContents()
  expect(await page.locator('tr[data-contender] th').allTextContents()).toEqual([
    'raw ceiling',
    'ali-oss, defaults',
  ])

  await page.getByRole('button', { name: '中文' }).click()
  await page.getByText('已选择 2 个').waitFor()
  expect(await page.getByTestId('bench-status').textContent()).toBe('完成')
  expect(await page.getByLabel('数量').inputValue()).toBe('7')
  expect(await page.getByRole('checkbox', { name: 'Sluice', exact: true }).isChecked()).toBe(false)
  expect(await page.locator('thead th').allTextContents()).toEqual([
    '方式',
    '吞吐量（MiB/s）',
    '与上限之比',
    '主线程最长停顿（毫秒）',
    '超过 50 毫秒的阻塞（毫秒）',
    '失败',
  ])
  expect(await page.locator('tr[data-contender] th').allTextContents()).toEqual([
    '上限（裸发送）',
    'ali-oss（默认设置）',
  ])
  expect(await page.locator('tr[data-contender] td').allTextContents()).toEqual(figures)
  expect(await files.evaluate((now, before) => now === before, input)).toBe(true)
  expect(await files.evaluate((now: HTMLInputElement) => now.files?.length)).toBe(2)
})

test('results stay until others come, and can be copied', async () => {
  await compare('ceiling')
  await page.getByRole('checkbox', { name: 'raw ceiling' }).uncheck()
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByTestId('bench-message').getByText('Choose at least one way to upload.').waitFor()
  expect(await page.locator('tr[data-contender]').count()).toBe(1)

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy as JSON' }).click()
  await page.getByTestId('bench-status').getByText('Copied.').waitFor()
  expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual({
    userAgent: expect.stringContaining('Chrome'),
    runs: [
      {
        contender: 'ceiling',
        round: 0,
        sizeBytes: 50 * 1024,
        page: expect.objectContaining({ durationMs: expect.any(Number) }),
      },
    ],
  })

  await compare('sluice')
  expect(await page.locator('tr[data-contender]').getAttribute('data-contender')).toBe('sluice')
})

test('a comparison that waits for the authorization service can be stopped', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  await page.goto(`${demo.url}/bench.html?api=http://127.0.0.1:${port}`)
  await choose('ceiling')
  const [[connection]] = await Promise.all([
    once(silent, 'connection') as Promise<[Socket]>,
    page.getByRole('button', { name: 'Run' }).click(),
  ])
  await page.getByRole('button', { name: 'Stop after this turn' }).click()
  await page.getByTestId('bench-status').getByText('Done').waitFor()
  expect(await page.getByTestId('bench-message').textContent()).toBe('')
  connection.destroy()
  silent.close()
})

test('charts are loaded with the first run, and take the colors of another scheme', async () => {
  const scripts: string[] = []
  page.on('request', (request) => scripts.push(request.url()))
  await page.emulateMedia({ colorScheme: 'light' })
  await page.reload()
  await page.getByTestId('bench-form').waitFor()
  const charts = (): readonly string[] => scripts.filter((url) => url.includes('/draw-bars-'))
  expect(charts()).toEqual([])
  await compare('ceiling')
  expect(charts()).toHaveLength(1)
  for (const chart of await page.getByRole('img', { name: 'also in the table' }).all()) {
    await expect.poll(() => chart.evaluate(countAccented)).toBeGreaterThan(1000)
  }
  await page.emulateMedia({ colorScheme: 'dark' })
  const [chart] = await page.getByRole('img', { name: 'also in the table' }).all()
  await expect.poll(() => chart?.evaluate(countAccented)).toBeGreaterThan(1000)
})

test.each([390, 1280])('at %d pixels nothing moves during a run, nor is scrolled sideways', async (width) => {
  // So high that all of it is seen.
  await page.setViewportSize({ width, height: 2600 })
  const overflow = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  await page.getByLabel('Another OSS').check()
  expect(await overflow()).toBeLessThanOrEqual(0)
  await page.getByLabel('That of this page').check()
  await choose('ceiling', 'sluice', 'ali-oss')
  const shift = await page.evaluateHandle(() => {
    const total = { score: 0 }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
        total.score += entry.value
    }).observe({ type: 'layout-shift' })
    return total
  })
  await run()
  expect(await overflow()).toBeLessThanOrEqual(0)
  expect(await shift.jsonValue()).toEqual({ score: 0 })
})

test('all is reached by keyboard: a comparison is run and stopped', async () => {
  const reached: (string | null)[] = []
  const pressTab = async (): Promise<void> => {
    await page.keyboard.press('Tab')
    const name = page
      .locator(':focus')
      .evaluate((element) => element.getAttribute('name') ?? element.getAttribute('data-action'))
    reached.push(await name)
  }
  await choose('ceiling', 'sluice')
  await page.getByLabel('Rounds').fill('20')
  await page.locator('[data-action=language]').focus()
  while (reached.length < 20 && reached.at(-1) !== 'run') await pressTab()
  const ways = Array.from({ length: 7 }, () => 'contender')
  expect(reached).toEqual(['files', 'count', 'size', 'own', ...ways, 'rounds', 'storage', 'run'])

  await page.keyboard.press('Enter')
  await page.locator('tr[data-contender]').first().waitFor()
  await pressTab()
  expect(reached.at(-1)).toBe('stop')
  await page.keyboard.press('Enter')
  await page.getByTestId('bench-status').getByText('Done').waitFor()
  expect(await page.locator('tr[data-contender]').count()).toBeGreaterThan(0)
  await pressTab()
  expect(reached.at(-1)).toBe('copy')
  await page.keyboard.press('Tab')
  expect(await page.locator('.bench-scroll:focus').count()).toBe(1)
})

/** Of small files, in one round. */
async function choose(...ways: readonly string[]): Promise<void> {
  await page.locator('[name=size]').selectOption(String(50 * 1024))
  await page.locator('[name=rounds]').fill('1')
  for (const box of await page.locator('[name=contender]').all()) {
    await box.setChecked(ways.includes(await box.inputValue()))
  }
}

async function run(): Promise<void> {
  await page.locator('[data-action=run]').click()
  await page.locator('[data-action=run]:enabled').waitFor()
  expect(await page.getByTestId('bench-message').textContent()).toBe('')
}

async function compare(...ways: readonly string[]): Promise<void> {
  await choose(...ways)
  await run()
}

/** Pixels of a canvas in the accent of the page's colors, as it is now. */
function countAccented(canvas: HTMLElement | SVGElement): number {
  const { width, height } = canvas as HTMLCanvasElement
  const context = (canvas as HTMLCanvasElement).getContext('2d')
  const accent = getComputedStyle(canvas).getPropertyValue('--accent')
  const wanted = [1, 3, 5].map((at) => Number.parseInt(accent.slice(at, at + 2), 16))
  const pixels = context?.getImageData(0, 0, width, height).data ?? []
  let count = 0
  for (let at = 0; at < pixels.length; at += 4) {
    if (wanted.every((value, channel) => pixels[at + channel] === value)) count += 1
  }
  return count
}

async function storedObjects(): Promise<readonly string[]> {
  const entries = await readdir(path.join(dataDir, 'oss'), { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) => entry.isFile() && !entry.parentPath.includes('.sluice') && entry.name !== 'access.jsonl',
    )
    .map(({ name }) => name)
}
