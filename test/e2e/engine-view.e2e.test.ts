import type { Locator } from 'playwright'
import { expect, test } from 'vitest'
import { createDemoBench } from './demo-bench.ts'
import type { OpenDemo } from './demo-bench.ts'

const MIB = 1024 ** 2
const bench = createDemoBench()

/** How many parts are in a state, as the legend of the map says. */
async function partsIn({ page }: OpenDemo, status: string): Promise<number> {
  const entry = page.locator(`.part-legend [data-status=${status}]`)
  return Number(await entry.getAttribute('data-count'))
}

test('the engine view shows what an upload is at: parts, throughput, connections, workers, credentials, events', async () => {
  const file = await bench.makeFile('seen.mp4', 96 * MIB)
  bench.gate.throttle(12 * MIB)
  const demo = await bench.open('gated')
  const { page, drive } = demo
  await drive.choose([file.path])
  await drive.sends('seen.mp4', 48 * MIB)

  await expect.poll(() => partsIn(demo, 'done')).toBeGreaterThan(0)
  const counts = await Promise.all(
    ['waiting', 'reading', 'sending', 'retrying', 'done', 'resumed'].map((status) => partsIn(demo, status)),
  )
  const all = counts.reduce((sum, count) => sum + count, 0)
  expect(all).toBeGreaterThanOrEqual(6)
  expect(await page.getByTestId('part-map').getByRole('img').getAttribute('aria-label')).toMatch(
    /^Parts: waiting \d+, reading \d+, sending \d+, retrying 0, done \d+, resumed 0$/,
  )
  await page
    .getByTestId('part-map')
    .locator('canvas')
    .hover({ position: { x: 5, y: 5 } })
  await expect
    .poll(() => page.locator('.part-pointed').innerText())
    .toMatch(/^Part 1 of [\d.]+ MB: done, 100%$/)
  // Its cell has the color of a part that is done.
  const colorOfDone = await colorOf(page.locator('.part-legend [data-status=done] .part-swatch'))
  await expect
    .poll(() => colorOfFirstCell(page.getByTestId('part-map').locator('canvas')))
    .toEqual(colorOfDone)

  await expect
    .poll(async () => Number(await page.getByTestId('throughput').getAttribute('data-samples')))
    .toBeGreaterThan(1)
  await expect
    .poll(() => page.getByTestId('throughput').getAttribute('aria-label'))
    .toMatch(/now [\d.]+ MB\/s$/)
  expect(await page.getByTestId('connections').innerText()).toMatch(
    /http:\/\/127\.0\.0\.1:\d+\s+requests \d, with parts \d, at most \d/,
  )
  expect(await page.getByTestId('workers').innerText()).toMatch(/^Worker 1: parts \d/)
  expect(await page.getByTestId('credentials').innerText()).toMatch(/seen\.mp4\s+end in 59 min \d+ sec/)
  const left = page.getByTestId('credentials').locator('[data-seconds]')
  const secondsLeft = async (): Promise<number> => Number(await left.getAttribute('data-seconds'))
  const before = await secondsLeft()
  await expect.poll(secondsLeft).toBeLessThan(before)
  expect(await page.getByTestId('log').innerText()).toMatch(/\d\d:\d\d:\d\d seen\.mp4 Uploading/)

  bench.gate.release()
  await drive.reaches('seen.mp4', 'succeeded')
  await page.getByTestId('log').getByText('uploaded in').waitFor()
  await page.getByTestId('engine').getByText('Nothing is being uploaded.').waitFor()
})

test('parts of an earlier page are shown as resumed', async () => {
  const file = await bench.makeFile('resumed.mp4', 96 * MIB)
  bench.gate.throttle(40 * MIB)
  const demo = await bench.open('gated')
  await demo.drive.choose([file.path])
  await demo.drive.sends('resumed.mp4', 64 * MIB)
  await demo.page.reload()
  await demo.page.getByTestId('resumable').waitFor()
  bench.gate.throttle(4 * MIB)
  await demo.drive.choose([file.path])
  await expect.poll(() => partsIn(demo, 'resumed')).toBeGreaterThan(0)
})

test('on a narrow page the engine is closed until it is asked for', async () => {
  const { page } = await bench.open('/', { viewport: { width: 390, height: 844 } })
  expect(await page.getByTestId('log').count()).toBe(0)
  await page.getByText('Engine').click()
  await page.getByTestId('log').waitFor()
})

function colorOfFirstCell(canvas: Locator): Promise<readonly number[]> {
  return canvas.evaluate((element) => {
    const context = (element as HTMLCanvasElement).getContext('2d')
    return Array.from(context?.getImageData(3, 3, 1, 1).data ?? []).slice(0, 3)
  })
}

async function colorOf(swatch: Locator): Promise<readonly number[]> {
  const color = await swatch.evaluate((element) => getComputedStyle(element).backgroundColor)
  return Array.from(color.matchAll(/\d+/g), ([digits]) => Number(digits))
}
