import { rm } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { STATUS } from './bare-demo-page.ts'
import { createBareDemo } from './bare-demo.ts'
import { sha256OfFile } from './source-files.ts'

const MIB = 1024 ** 2
const PART_BYTES = 8 * MIB
const PARALLEL_PARTS = 5

const bench = createBareDemo()

/** Numbers below 1 that are the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

describe('an upload goes on', () => {
  test('after a reload in the middle: the page lists it, and the same file is recognised', async () => {
    const file = await bench.makeFile('reload.mp4', 96 * MIB)
    bench.gate.throttle(40 * MIB)
    const page = await bench.open()
    await page.pick(file)
    await page.sends(48 * MIB)
    await page.reload()
    await page.waitFor('document.querySelector("[data-testid=resumable]") !== null')
    const waiting = await page.evaluate('({ ...document.querySelector("[data-testid=resumable]").dataset })')
    expect(waiting).toMatchObject({ name: 'reload.mp4', total: String(96 * MIB) })
    bench.gate.release()
    const line = await bench.stored.length()
    await page.pick(file)
    const key = await page.finish()
    expect(await bench.stored.sha256(key)).toBe(await sha256OfFile(file))
    const { before, after } = await bench.stored.parts(key, line)
    expect(before.length).toBeGreaterThan(0)
    expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
    expect(new Set([...before, ...after]).size).toBe(12)
    expect(await page.evaluate('document.querySelector("[data-testid=resumable]") === null')).toBe(true)
  })

  test.each([
    ['', 20, 1],
    ['?ttl=3', 20, 2],
  ])('after the browser is killed again and again (%s %i times)', async (query, kills, seed) => {
    // Large enough that no machine is done before the last kill.
    const sizeBytes = 1024 * MIB
    const file = await bench.makeFile('killed.mp4', sizeBytes)
    const random = createRandom(seed)
    const openedBefore = await bench.stored.count('InitiateMultipartUpload')
    bench.gate.throttle(50 * MIB)
    // Lines of the log at which a browser was started again: what stands before them the service had stored.
    const restarts: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      const page = await bench.open(bench.url(query))
      restarts.push(await bench.stored.length())
      await page.pick(file)
      await page.waitFor(`!['queued', 'preparing', undefined].includes(${STATUS})`)
      expect(await page.evaluate('document.querySelector("[data-testid=upload]").innerText')).toContain(
        'Uploading',
      )
      // The moment is the point of the test.
      await new Promise((resolve) => setTimeout(resolve, 100 + random() * 800))
      await page.kill()
      // What it had handed to the system still arrives, later than a browser starts on a narrow link.
      await bench.gate.drained()
    }
    bench.gate.release()
    const page = await bench.open(bench.url(query))
    restarts.push(await bench.stored.length())
    await page.pick(file)
    const key = await page.finish()
    expect(await bench.stored.sha256(key)).toBe(await sha256OfFile(file))
    for (const line of restarts) {
      const { before, after } = await bench.stored.parts(key, line)
      expect(new Set([...before, ...after]).size).toBe(sizeBytes / PART_BYTES)
      expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
    }
    const log = await bench.stored.log(key)
    const sent = log.filter(({ op }) => op === 'UploadPart').reduce((sum, { bytesIn }) => sum + bytesIn, 0)
    expect(sent - sizeBytes).toBeLessThanOrEqual(kills * PARALLEL_PARTS * PART_BYTES)
    // It was one upload all the time, killed in the middle of parts.
    expect(log.filter(({ op }) => op === 'InitiateMultipartUpload')).toHaveLength(1)
    expect(await bench.stored.count('InitiateMultipartUpload')).toBe(openedBefore + 1)
    expect(sent).toBeGreaterThan(sizeBytes)
    await rm(file)
  })

  test('in a second tab with the same file, when the first one crashes', async () => {
    const file = await bench.makeFile('twice.mp4', 96 * MIB)
    bench.gate.throttle(20 * MIB)
    const first = await bench.open()
    await first.pick(file)
    await first.sends(32 * MIB)
    const second = await first.openTab()
    await second.pick(file)
    await second.waitFor(`${STATUS} === 'waiting'`)
    first.crashTab()
    await second.waitFor(`${STATUS} === 'uploading'`)
    bench.gate.release()
    const key = await second.finish()
    expect(await bench.stored.sha256(key)).toBe(await sha256OfFile(file))
    const { after: numbers } = await bench.stored.parts(key, 0)
    expect(new Set(numbers).size).toBe(12)
    // What was on its way when the tab crashed may have arrived after the second tab had asked what is there.
    expect(numbers.length).toBeLessThanOrEqual(12 + PARALLEL_PARTS)
  })
})
