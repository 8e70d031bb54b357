import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createBareDemo } from './bare-demo.ts'
import { sha256OfFile } from './source-files.ts'

const MIB = 1024 ** 2

const bench = createBareDemo()

const MESSAGE = 'document.querySelector("[data-testid=message]").textContent'
/** What the page says then, and why in the words of the browser. */
const WARNING = /^Uploads cannot be resumed after this page has ended: the browser's database failed \(.+\)$/

describe('an upload in parts succeeds, and the page warns,', () => {
  test('when the user has blocked storage: no database, no Web Locks', async () => {
    await mkdir(path.join(bench.profile, 'Default'))
    await writeFile(
      path.join(bench.profile, 'Default', 'Preferences'),
      JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }),
    )
    const file = await bench.makeFile('blocked.mp4', 20 * MIB)
    const page = await bench.open()
    await page.waitFor(`${MESSAGE} !== ''`)
    expect(await page.evaluate(MESSAGE)).toMatch(WARNING)
    await expect(page.evaluate('navigator.locks.query()')).rejects.toThrow('SecurityError')
    await page.pick(file)
    expect(await bench.stored.sha256(await page.finish())).toBe(await sha256OfFile(file))
    // It is told once.
    expect(await page.evaluate(MESSAGE)).toBe('')
  })

  test('when the disk has no room for the database', async () => {
    const file = await bench.makeFile('full.mp4', 20 * MIB)
    // Of the same origin, but nothing that opens a database: what room there is, is remembered for a while.
    const page = await bench.open(`${bench.demo.url}/icon.svg`)
    await page.command('Storage.overrideQuotaForOrigin', { origin: bench.demo.url, quotaSize: 1 })
    await page.visit(bench.url())
    await page.pick(file)
    expect(await bench.stored.sha256(await page.finish())).toBe(await sha256OfFile(file))
    expect(await page.evaluate(MESSAGE)).toMatch(WARNING)
  })
})
