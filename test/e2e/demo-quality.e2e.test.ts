import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { createDemoBench } from './demo-bench.ts'

const MIB = 1024 ** 2
const bench = createDemoBench()

/** Adds files of one byte, made in the page. */
function addSmallFiles(page: Page, count: number): Promise<void> {
  return page.evaluate((files) => {
    const data = new DataTransfer()
    for (let index = 0; index < files; index++) data.items.add(new File(['x'], `small-${index}.txt`))
    const input = document.querySelector<HTMLInputElement>('[data-testid=file-input]')
    if (input === null) throw new Error('No input')
    input.files = data.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  }, count)
}

describe('ten thousand files', () => {
  test('have a row each with name and status; those in view have their contents', async () => {
    bench.gate.hold(0)
    const { page, drive, complaints } = await bench.open('gated')
    await addSmallFiles(page, 10_000)
    await expect.poll(() => page.locator('[data-testid=upload]').count(), { timeout: 60_000 }).toBe(10_000)
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=upload] button').length > 0)
    expect(await page.locator('[data-testid=upload] [role=progressbar]').count()).toBeLessThan(150)

    const last = drive.row('small-9999.txt')
    expect(await last.getAttribute('data-status')).toBe('queued')
    expect(await last.getAttribute('aria-label')).toBe('small-9999.txt')
    await last.scrollIntoViewIfNeeded()
    await drive.row('small-9998.txt').getByRole('button', { name: 'Cancel' }).waitFor()
    await last.getByRole('button', { name: 'Cancel' }).click()
    await drive.reaches('small-9999.txt', 'canceled')
    await page.evaluate(() => scrollTo(0, 0))
    await expect.poll(() => drive.row('small-9998.txt').locator('button').count()).toBe(0)
    // It has the focus, which would be lost.
    expect(await drive.row('small-9999.txt').locator('button').count()).toBe(2)
    await drive.row('small-0.txt').getByRole('progressbar').waitFor()
    expect(complaints).toEqual([])
  })

  test('are refused one by one past the limit', async () => {
    bench.gate.hold(0)
    const { page } = await bench.open('gated')
    await addSmallFiles(page, 10_002)
    await page.getByTestId('message').getByText('the list takes 10,000 files at most').waitFor()
    expect(await page.getByTestId('message').innerText()).toContain('small-10000.txt, small-10001.txt')
    expect(await page.locator('[data-testid=upload]').count()).toBe(10_000)
  })
})

describe('languages', () => {
  test('the page speaks Chinese to a browser that does, and remembers another choice', async () => {
    const file = await bench.makeFile('电影.mp4', 1000)
    const { page, drive } = await bench.open('/', { locale: 'zh-CN' })
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await drive.choose([file.path])
    await drive.reaches('电影.mp4', 'succeeded')
    expect(await drive.row('电影.mp4').innerText()).toContain('已上传')
    expect(await drive.fact('电影.mp4', '用时')).toMatch(/^\d+秒$/)

    await page.getByRole('button', { name: 'English' }).click()
    expect(await drive.row('电影.mp4').innerText()).toContain('Uploaded')
    await page.reload()
    await page.getByRole('button', { name: 'Choose files' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
  })

  test('?lang= is heard first', async () => {
    const { page } = await bench.open('/?lang=zh')
    expect(await page.getByRole('button', { name: '选择文件', exact: true }).isVisible()).toBe(true)
  })
})

describe('by keyboard', () => {
  test('all is reached in order, and done', async () => {
    const file = await bench.makeFile('keys.mp4', 24 * MIB)
    bench.gate.hold(MIB)
    const { page, drive } = await bench.open('gated', { viewport: { width: 390, height: 844 } })
    await drive.choose([file.path])
    await drive.sends('keys.mp4')
    await page.evaluate(() => document.body.focus())
    const reached: string[] = []
    for (let index = 0; index < 20; index++) {
      await page.keyboard.press('Tab')
      const name = await page
        .locator(':focus')
        .evaluateAll(([element]) => element?.getAttribute('aria-label') ?? element?.textContent ?? '')
      reached.push(name)
      if (name === 'Cancel keys.mp4') break
    }
    expect(reached).toEqual([
      'Skip to the uploads',
      'Uploader',
      'Benchmark',
      '中文',
      'Choose files',
      'Choose a folder',
      'Pause all',
      'Resume all',
      'Cancel all',
      'Retry all',
      'Remove ended',
      'Make trouble',
      'Engine',
      'Pause keys.mp4',
      'Cancel keys.mp4',
    ])
    await page.keyboard.press('Enter')
    await drive.reaches('keys.mp4', 'canceled')
    await page.getByTestId('announcer').getByText('keys.mp4: Canceled').waitFor({ state: 'attached' })
  })

  test('many that stop together are announced as a sum', async () => {
    bench.gate.swallow()
    const { page } = await bench.open('gated')
    await addSmallFiles(page, 8)
    await page.locator('[data-testid=upload] >> nth=7').waitFor()
    await page.getByRole('button', { name: 'Pause all' }).click()
    await page
      .getByTestId('announcer')
      .getByText('0 uploaded, 0 failed, 8 paused or canceled')
      .waitFor({ state: 'attached' })
    expect(await page.locator('[data-testid=upload][data-status=paused]').count()).toBe(8)
  })
})

test('nothing moves for a person who wants no motion', async () => {
  const { page, drive } = await bench.open('/', { reducedMotion: 'reduce' })
  await drive.choose([(await bench.makeFile('calm.mp4', 1000)).path])
  const fill = drive.row('calm.mp4').locator('.bar-fill')
  expect(await fill.evaluate((element) => getComputedStyle(element).transitionDuration)).toBe('0s')
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
})

test.each([390, 768, 1280])('at %d pixels nothing is scrolled sideways', async (width) => {
  const file = await bench.makeFile(`a-name-that-is-too-long-for-any-phone-${'x'.repeat(120)}.mp4`, 1000)
  const { page, drive } = await bench.open('/', { viewport: { width, height: 844 } })
  await drive.choose([file.path])
  await page.locator('[data-status=succeeded]').waitFor()
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBeLessThanOrEqual(0)
})
