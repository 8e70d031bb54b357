import { describe, expect, test } from 'vitest'
import { createDemoBench } from './demo-bench.ts'

const MIB = 1024 ** 2
const bench = createDemoBench()

/** Files that are made in the page, of one byte more each. */
type MadeFiles = readonly (readonly [name: string, sizeBytes: number, type: string])[]

/** Has the page get a paste or a drop with files in it. */
function dispatchFiles([kind, files]: readonly ['paste' | 'drop', MadeFiles]): void {
  const data = new DataTransfer()
  for (const [name, sizeBytes, type] of files) {
    data.items.add(new File([new Uint8Array(sizeBytes)], name, { type }))
  }
  const event =
    kind === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
      : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
  document.body.dispatchEvent(event)
}

describe('files come', () => {
  test('by a paste', async () => {
    const { page, drive } = await bench.open()
    await page.evaluate(dispatchFiles, ['paste', [['image.png', 100, 'image/png']]] as const)
    await drive.reaches('image.png', 'succeeded')
    expect(await drive.fact('image.png', 'Key')).toMatch(/\.png$/)
  })

  test('from a folder that is chosen, with the names of the folders', async () => {
    const file = await bench.makeFile('chosen/inner/deep.mp4', 1000)
    const { page, drive } = await bench.open()
    await page.locator('[data-testid=folder-input]').setInputFiles(file.path.replace('/inner/deep.mp4', ''))
    await drive.reaches('deep.mp4', 'succeeded')
    expect(await drive.row('deep.mp4').getByText('chosen/inner/deep.mp4').isVisible()).toBe(true)
    expect(await bench.stored.sha256(await drive.fact('deep.mp4', 'Key'))).toBe(file.sha256)
  })

  test('with a small picture, or with their type', async () => {
    const { page, drive } = await bench.open()
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(300, 200)
      const context = canvas.getContext('2d')
      if (context === null) throw new Error('No canvas')
      context.fillStyle = '#ff0000'
      context.fillRect(0, 0, 300, 200)
      const data = new DataTransfer()
      data.items.add(new File([await canvas.convertToBlob()], 'red.png', { type: 'image/png' }))
      data.items.add(new File(['no picture'], 'broken.png', { type: 'image/png' }))
      data.items.add(new File(['words'], 'note.txt', { type: 'text/plain' }))
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
    })
    const picture = drive.row('red.png').locator('canvas.is-drawn')
    await picture.waitFor()
    const middle = await picture.evaluate((canvas) =>
      Array.from((canvas as HTMLCanvasElement).getContext('2d')?.getImageData(48, 48, 1, 1).data ?? []),
    )
    expect(middle).toEqual([255, 0, 0, 255])
    await drive.reaches('broken.png', 'succeeded')
    expect(await drive.row('broken.png').locator('.thumbnail').innerText()).toBe('PNG')
    expect(await drive.row('broken.png').locator('canvas').isVisible()).toBe(false)
    expect(await drive.row('note.txt').locator('.thumbnail').innerText()).toBe('TXT')
  })

  test('and are refused in words where they pass a limit; the others are uploaded', async () => {
    const { page, drive } = await bench.open('/?max-files=2&max-size=1000&accept=.mp4,image/*')
    expect(await page.locator('[data-testid=drop-area]').innerText()).toContain(
      'Up to 2 files of up to 1 kB each, .mp4, image/*',
    )
    const files: MadeFiles = [
      ['large.mp4', 1001, 'video/mp4'],
      ['note.txt', 1, 'text/plain'],
      ['a.mp4', 1000, 'video/mp4'],
      ['b.png', 10, 'image/png'],
      ['c.png', 10, 'image/png'],
    ]
    await page.evaluate(dispatchFiles, ['drop', files] as const)
    await drive.reaches('a.mp4', 'succeeded')
    await drive.reaches('b.png', 'succeeded')
    expect((await page.locator('[data-testid=message]').innerText()).split('\n')).toEqual([
      'Not added, since the list takes 2 files at most: c.png',
      'Not added, since a file may have 1 kB at most: large.mp4',
      'Not added, since only .mp4, image/* are taken: note.txt',
    ])
    expect(await page.locator('[data-testid=upload]').count()).toBe(2)
  })
})

describe('all uploads together', () => {
  test('show how far they are, also in the tab, and are paused, resumed and removed at once', async () => {
    const files = await Promise.all(
      ['a.mp4', 'b.mp4', 'c.mp4'].map((name) => bench.makeFile(`all/${name}`, 12 * MIB)),
    )
    bench.gate.hold(MIB)
    const { page, drive } = await bench.open('gated')
    await drive.choose(files.map(({ path }) => path))
    const status = (wanted: string): ReturnType<typeof page.locator> =>
      page.locator(`[data-testid=upload][data-status=${wanted}]`)
    await drive.sends('a.mp4')
    await page.waitForFunction(() => document.title.endsWith('% – Sluice'))
    expect(await page.getByTestId('overall-figures').innerText()).toContain('0 of 3 uploaded')

    await page.getByRole('button', { name: 'Pause all' }).click()
    await expect.poll(() => status('paused').count()).toBe(3)
    bench.gate.release()
    await page.getByRole('button', { name: 'Resume all' }).click()
    await expect.poll(() => status('succeeded').count()).toBe(3)
    await expect.poll(() => page.title()).toBe('Sluice')
    await expect.poll(() => page.getByTestId('overall').getAttribute('aria-valuenow')).toBe('100')
    expect(await page.getByTestId('overall-figures').innerText()).toContain('3 of 3 uploaded')

    await page.getByRole('button', { name: 'Remove ended' }).click()
    await expect.poll(() => page.locator('[data-testid=upload]').count()).toBe(0)
  })

  test('are canceled after a question, and retried', async () => {
    const files = await Promise.all(['d.mp4', 'e.mp4'].map((name) => bench.makeFile(`all/${name}`, 12 * MIB)))
    bench.gate.hold(MIB)
    const { page, drive } = await bench.open('gated')
    await drive.choose(files.map(({ path }) => path))
    await drive.sends('d.mp4')
    await drive.sends('e.mp4')
    const cancelAll = page.locator('[data-action=cancel-all]')

    await cancelAll.click()
    expect(await page.getByRole('dialog').innerText()).toContain('Cancel 2 uploads?')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await page.locator('[data-testid=upload][data-status=uploading]').count()).toBe(2)

    await cancelAll.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel all' }).click()
    await drive.reaches('d.mp4', 'canceled')
    await drive.reaches('e.mp4', 'canceled')

    bench.gate.release()
    await page.getByRole('button', { name: 'Retry all' }).click()
    await drive.reaches('d.mp4', 'succeeded')
    await drive.reaches('e.mp4', 'succeeded')
    expect(await page.locator('[data-testid=upload]').count()).toBe(2)
  })
})

test('what waits for its turn can be put first, and last; the focus goes with it', async () => {
  bench.gate.throttle(4 * MIB)
  const { page, drive } = await bench.open('gated')
  const names = Array.from({ length: 9 }, (_, index) => `queued-${index}.mp4`)
  const files = await Promise.all(names.map((name) => bench.makeFile(name, 9 * MIB)))
  await drive.choose(files.map(({ path }) => path))
  // Six of them have their turn.
  await drive.reaches('queued-5.mp4', 'uploading')
  await drive.reaches('queued-8.mp4', 'queued')
  const order = (): Promise<(string | null)[]> =>
    page
      .locator('[data-testid=upload]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-name')))

  await drive.row('queued-8.mp4').getByRole('button', { name: 'Upload next' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(order).toEqual(['queued-8.mp4', ...names.slice(0, 8)])
  expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Upload next queued-8.mp4')
  await drive.row('queued-6.mp4').getByRole('button', { name: 'Upload last' }).click()
  await expect.poll(order).toEqual(['queued-8.mp4', ...names.slice(0, 6), 'queued-7.mp4', 'queued-6.mp4'])

  // The turn that comes free is that of the first.
  await drive.press('queued-0.mp4', 'cancel')
  await drive.reaches('queued-8.mp4', 'uploading')
  expect(await drive.row('queued-6.mp4').getAttribute('data-status')).toBe('queued')
})

test('a row says how fast and how long; when it is done, how long it took; then it can be removed', async () => {
  const file = await bench.makeFile('figures.mp4', 24 * MIB)
  bench.gate.throttle(8 * MIB)
  const { page, drive } = await bench.open('gated')
  await drive.choose([file.path])
  await drive.sends('figures.mp4', 4 * MIB)
  await expect.poll(() => drive.fact('figures.mp4', 'Speed')).toMatch(/^[\d.]+ MB\/s$/)
  expect(await drive.fact('figures.mp4', 'Time left')).toMatch(/^\d+ sec$/)
  bench.gate.release()
  await drive.reaches('figures.mp4', 'succeeded')
  expect(await drive.fact('figures.mp4', 'Time taken')).toMatch(/^\d+ sec$/)
  await drive.row('figures.mp4').getByRole('button', { name: 'Remove' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('[data-testid=upload]').count()).toBe(0)
  // The focus stays near, so that the keyboard need not begin at the top.
  expect(await page.locator(':focus').getAttribute('data-testid')).toBe('uploads')
})

test('the browser asks before the page is left while uploads run, and only then', async () => {
  const file = await bench.makeFile('guarded.mp4', 12 * MIB)
  bench.gate.hold(MIB)
  const { page, drive } = await bench.open('gated')
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.accept()
  })
  // A browser asks on behalf of a page that was used only.
  await page.getByRole('heading', { name: 'Uploads' }).click()
  await page.reload()
  expect(asked).toEqual([])

  await drive.choose([file.path])
  await drive.sends('guarded.mp4')
  await page.getByRole('heading', { name: 'Uploads' }).click()
  await page.reload()
  expect(asked).toEqual(['beforeunload'])
})
