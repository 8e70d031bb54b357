import type { Page } from 'playwright'
import { afterEach, describe, expect, test } from 'vitest'
import { createDemoBench } from './demo-bench.ts'

const MIB = 1024 ** 2
const bench = createDemoBench()

/** Presses a button, and waits until it has had its effect. */
async function makeTrouble(page: Page, kind: string): Promise<void> {
  const button = page.locator(`[data-trouble=${kind}]`)
  await button.click()
  await page
    .getByTestId('log')
    .getByText(`Trouble made: ${await button.innerText()}`)
    .waitFor()
}

const endTrouble = async (page: Page, kind: string): Promise<void> => {
  await page.locator(`[data-trouble=${kind}][aria-pressed=true]`).click()
  await page.locator(`[data-trouble=${kind}][aria-pressed=false]`).waitFor()
}

afterEach(async () => {
  await fetch(`${bench.demo.url}/api/trouble`, { method: 'DELETE' })
})

// Against the page's own service: no other knows these orders.
describe('an upload recovers, and the page says from what', () => {
  test.each([
    ['unavailable', /attempt 1 failed and is repeated.*503/],
    ['corrupt-answer', /attempt 1 failed and is repeated.*What OSS stored of part/],
  ])('%s', async (trouble, words) => {
    const file = await bench.makeFile(`${trouble}.mp4`, 96 * MIB)
    const { page, drive } = await bench.open()
    await makeTrouble(page, trouble)
    await drive.choose([file.path])
    await page.getByTestId('log').getByText(words).first().waitFor()
    await drive.reaches(`${trouble}.mp4`, 'succeeded')
    expect(await bench.stored.sha256(await drive.fact(`${trouble}.mp4`, 'Key'))).toBe(file.sha256)
  })

  test.each([
    ['expire-credentials', /asks for new credentials/],
    ['drop-connections', /attempt 1 failed and is repeated/],
    ['kill-worker', /Uploads go on in a new worker/],
  ])('%s, in the middle of parts', async (trouble, words) => {
    const file = await bench.makeFile(`${trouble}.mp4`, 96 * MIB)
    const { page, drive } = await bench.open()
    await makeTrouble(page, 'slow-link')
    await drive.choose([file.path])
    await drive.sends(`${trouble}.mp4`, MIB)
    await makeTrouble(page, trouble)
    await page.getByTestId('log').getByText(words).first().waitFor()
    await endTrouble(page, 'slow-link')
    await drive.reaches(`${trouble}.mp4`, 'succeeded')
    expect(await bench.stored.sha256(await drive.fact(`${trouble}.mp4`, 'Key'))).toBe(file.sha256)
  })

  test('offline, until it is ended', async () => {
    const file = await bench.makeFile('offline.mp4', 48 * MIB)
    const { page, drive } = await bench.open()
    await makeTrouble(page, 'offline')
    await drive.choose([file.path])
    await page
      .getByTestId('log')
      .getByText(/attempt \d failed and is repeated/)
      .first()
      .waitFor()
    await endTrouble(page, 'offline')
    await drive.reaches('offline.mp4', 'succeeded')
    expect(await bench.stored.sha256(await drive.fact('offline.mp4', 'Key'))).toBe(file.sha256)
  })
})

test('where there is no local OSS the buttons say so; the worker can be killed all the same', async () => {
  const { page } = await bench.open('gated')
  await page.getByTestId('trouble').getByText('No local storage here').waitFor()
  expect(
    await page
      .locator('[data-trouble]:enabled')
      .evaluateAll((found) => found.map((button) => button.textContent)),
  ).toEqual(['Kill the worker'])
})
