import { utimes } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDemoBench } from './demo-bench.ts'
import type { OpenDemo, SourceFile } from './demo-bench.ts'

const MIB = 1024 ** 2
const bench = createDemoBench()

/** A page that was reloaded in the middle of an upload. */
async function leaveUnfinished(name: string): Promise<OpenDemo & { readonly file: SourceFile }> {
  const file = await bench.makeFile(name, 96 * MIB)
  bench.gate.throttle(40 * MIB)
  const demo = await bench.open('gated')
  await demo.drive.choose([file.path])
  await demo.drive.sends(name, 56 * MIB)
  await demo.page.reload()
  await unfinished(demo, name).waitFor()
  bench.gate.release()
  return { ...demo, file }
}

const unfinished = ({ page }: OpenDemo, name: string): ReturnType<OpenDemo['page']['locator']> =>
  page.locator(`[data-testid=resumable][data-name="${name}"]`)

/** How much has moved under the eyes of the page's user since it was opened. */
function layoutShift(page: OpenDemo['page']): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let score = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
            score += entry.value
        }).observe({ type: 'layout-shift', buffered: true })
        // What is buffered is told before the next frame but one.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(score)))
      }),
  )
}

describe('an upload that an earlier page left', () => {
  test('goes on when its file is picked again; another file is recognized as another', async () => {
    const demo = await leaveUnfinished('again.mp4')
    const { page, file } = demo
    const row = unfinished(demo, 'again.mp4')
    expect(await row.innerText()).toMatch(/\d+% of 100.7 MB, \d+ sec ago/)
    const input = row.locator('[data-testid=resume-input]')
    const alert = row.getByRole('alert')

    await input.setInputFiles((await bench.makeFile('other.mp4', 100)).path)
    expect(await alert.innerText()).toBe('This is other.mp4; choose again.mp4.')
    await input.setInputFiles((await bench.makeFile('smaller/again.mp4', 100)).path)
    expect(await alert.innerText()).toBe('This file has 100 byte; the one to continue has 100.7 MB.')
    await utimes(file.path, new Date(), new Date(0))
    await input.setInputFiles(file.path)
    expect(await alert.innerText()).toContain('This file was changed since.')
    expect(await page.locator('[data-testid=upload]').count()).toBe(0)
  })

  test('goes on where it was, without parts that are there', async () => {
    const demo = await leaveUnfinished('right.mp4')
    const { page, drive, file } = demo
    const line = await bench.stored.length()
    await unfinished(demo, 'right.mp4').locator('[data-testid=resume-input]').setInputFiles(file.path)
    await drive.reaches('right.mp4', 'succeeded')
    const key = await drive.fact('right.mp4', 'Key')
    expect(await bench.stored.sha256(key)).toBe(file.sha256)
    const { before, after } = await bench.stored.parts(key, line)
    expect(before.length).toBeGreaterThan(0)
    expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
    expect(await page.getByTestId('unfinished').isVisible()).toBe(false)
  })

  test('is discarded after a question, on the server too', async () => {
    const demo = await leaveUnfinished('discarded.mp4')
    const { page } = demo
    const discard = unfinished(demo, 'discarded.mp4').locator('[data-action=discard]')
    const aborted = await bench.stored.count('AbortMultipartUpload')

    await discard.click()
    await page.getByRole('button', { name: 'Keep' }).click()
    expect(await unfinished(demo, 'discarded.mp4').isVisible()).toBe(true)
    expect(await bench.stored.count('AbortMultipartUpload')).toBe(aborted)

    await discard.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    await unfinished(demo, 'discarded.mp4').waitFor({ state: 'detached' })
    await expect.poll(() => bench.stored.count('AbortMultipartUpload')).toBe(aborted + 1)
    await page.reload()
    await page.getByTestId('drop-area').waitFor()
    expect(await page.getByTestId('resumable').count()).toBe(0)
  })

  test.each([
    ['a file', 'handle.mp4', 'handle.mp4'],
    ['a folder', 'films/inner/deep-handle.mp4', 'films'],
  ])('goes on with one click when %s was dropped', async (_, source, dropped) => {
    const file = await bench.makeFile(source, 96 * MIB)
    const name = path.basename(source)
    bench.gate.throttle(40 * MIB)
    // In a context like this one, a private window, the permission to read the file outlives a reload; a profile of its own
    // asks for it again, in a dialog that nobody can answer here.
    const demo = await bench.open('gated')
    const { page, drive, complaints } = demo
    await drive.drop([path.join(bench.folder, 'sources', dropped)])
    await drive.sends(name, 56 * MIB)
    await page.reload()
    await unfinished(demo, name).waitFor()
    expect(await layoutShift(page)).toBe(0)
    expect(await unfinished(demo, name).innerText()).not.toContain('Choose this file again')
    bench.gate.release()
    const line = await bench.stored.length()
    await unfinished(demo, name).getByRole('button', { name: 'Continue' }).click()
    await drive.reaches(name, 'succeeded')

    const key = await drive.fact(name, 'Key')
    expect(await bench.stored.sha256(key)).toBe(file.sha256)
    const { before, after } = await bench.stored.parts(key, line)
    expect(before.length).toBeGreaterThan(0)
    expect(after.filter((partNumber) => before.includes(partNumber))).toEqual([])
    const opened = (await bench.stored.log(key)).filter(({ op }) => op === 'InitiateMultipartUpload')
    expect(opened).toHaveLength(1)
    expect(await page.getByTestId('unfinished').isVisible()).toBe(false)
    expect(await page.getByTestId('message').textContent()).toBe('')
    expect(complaints).toEqual([])
  })
})
