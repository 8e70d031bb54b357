import { describe, expect, test } from 'vitest'
import { findEngines } from '../../scripts/engines.mjs'
import { STATUS } from './bare-demo-page.ts'
import { createBareDemo } from './bare-demo.ts'
import { sha256OfFile } from './source-files.ts'

const MIB = 1024 ** 2
const PART_BYTES = 8 * MIB

const bench = createBareDemo()

describe.each(['chromium' as const, ...findEngines()])('in %s', (engine) => {
  test('a file of a disk arrives, in parts, byte for byte', async () => {
    const file = await bench.makeFile(`${engine} 100 % 电影 'ü'.mp4`, 60 * MIB + 1)
    const page = await bench.openIn(engine)
    await page.pick(file)
    const key = await page.finish()
    expect(await bench.stored.sha256(key)).toBe(await sha256OfFile(file))
    const { after } = await bench.stored.parts(key, 0)
    expect(after.toSorted((a, b) => a - b)).toEqual(after.map((_, index) => index + 1))
  })

  test('an upload goes on after a reload, and no part that was stored is sent again', async () => {
    const file = await bench.makeFile(`${engine}-reload.mp4`, 96 * MIB)
    bench.gate.throttle(40 * MIB)
    const page = await bench.openIn(engine)
    await page.pick(file)
    await page.sends(48 * MIB)
    await page.reload()
    await page.waitFor('document.querySelector("[data-testid=resumable]") !== null')
    bench.gate.release()
    const line = await bench.stored.length()
    await page.pick(file)
    const key = await page.finish()
    expect(await bench.stored.sha256(key)).toBe(await sha256OfFile(file))
    const { before, after } = await bench.stored.parts(key, line)
    expect(before.length).toBeGreaterThan(0)
    expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
    expect(await page.evaluate('document.querySelector("[data-testid=resumable]") === null')).toBe(true)
  })

  test('an upload goes on after the browser is killed', async () => {
    const file = await bench.makeFile(`${engine}-killed.mp4`, 160 * MIB)
    bench.gate.throttle(40 * MIB)
    const restarts: number[] = []
    for (const sentBytes of [30 * MIB, 80 * MIB]) {
      const page = await bench.openIn(engine)
      restarts.push(await bench.stored.length())
      await page.pick(file)
      await page.sends(sentBytes)
      await page.kill()
      await bench.gate.drained()
    }
    bench.gate.release()
    const page = await bench.openIn(engine)
    restarts.push(await bench.stored.length())
    await page.pick(file)
    const key = await page.finish()
    expect(await bench.stored.sha256(key)).toBe(await sha256OfFile(file))
    for (const line of restarts) {
      const { before, after } = await bench.stored.parts(key, line)
      expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
    }
    const log = await bench.stored.log(key)
    expect(log.filter(({ op }) => op === 'InitiateMultipartUpload')).toHaveLength(1)
  })

  test('an upload outlives its credentials', async () => {
    const file = await bench.makeFile(`${engine}-expiry.mp4`, 96 * MIB)
    bench.gate.throttle(12 * MIB)
    const page = await bench.openIn(engine, bench.url('?ttl=3'))
    await page.pick(file)
    const key = await page.finish()
    expect(await bench.stored.sha256(key)).toBe(await sha256OfFile(file))
    const log = await bench.stored.log(key)
    const keys = new Set(log.filter(({ status }) => status === 200).map(({ accessKeyId }) => accessKeyId))
    expect(keys.size).toBeGreaterThan(1)
  })

  test('a canceled upload leaves nothing on the service', async () => {
    const file = await bench.makeFile(`${engine}-canceled.mp4`, 96 * MIB)
    bench.gate.throttle(20 * MIB)
    const page = await bench.openIn(engine)
    const line = await bench.stored.count('AbortMultipartUpload')
    await page.pick(file)
    await page.sends(24 * MIB)
    await page.evaluate('document.querySelector("[data-testid=upload] [data-action=cancel]").click()')
    await page.waitFor(`${STATUS} === 'canceled'`)
    expect(await bench.stored.count('AbortMultipartUpload')).toBe(line + 1)
  })

  test('a second tab with the same file waits, and goes on when the first is closed', async () => {
    const file = await bench.makeFile(`${engine}-twice.mp4`, 96 * MIB)
    bench.gate.throttle(20 * MIB)
    const first = await bench.openIn(engine)
    await first.pick(file)
    await first.sends(32 * MIB)
    const second = await first.openTab()
    await second.pick(file)
    await second.waitFor(`${STATUS} === 'waiting'`)
    await first.closeTab()
    await second.waitFor(`${STATUS} === 'uploading'`)
    bench.gate.release()
    const key = await second.finish()
    expect(await bench.stored.sha256(key)).toBe(await sha256OfFile(file))
    const { after } = await bench.stored.parts(key, 0)
    expect(new Set(after).size).toBe((96 * MIB) / PART_BYTES)
  })

  test('hundreds of small files arrive', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `${engine}-small-${index}.bin`)
    const files = await Promise.all(names.map((name) => bench.makeFile(name, 10_000)))
    const page = await bench.openIn(engine)
    const before = await bench.stored.count('PutObject')
    await page.pick(...files)
    await page.waitFor(
      'document.querySelectorAll("[data-testid=upload][data-status=succeeded]").length === 300',
    )
    expect(await bench.stored.count('PutObject')).toBe(before + 300)
  })
})
