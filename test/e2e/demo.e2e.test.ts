import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createPage } from '../../packages/demo/server/http/page.ts'
import { createDemoBench } from './demo-bench.ts'
import { runDemo, runDemoToItsEnd } from './run-demo.ts'

const MIB = 1024 ** 2
const BUILT_PAGE = fileURLToPath(new URL('../../packages/demo/dist/page/', import.meta.url))

const bench = createDemoBench()

const operations = async (key: string): Promise<readonly string[]> =>
  (await bench.stored.log(key)).map(({ op, partNumber }) =>
    partNumber === null ? op : `${op} ${partNumber}`,
  )

describe('the demo page', () => {
  test('uploads chosen files: in parts, in one piece, empty, an image', async () => {
    const files = {
      'film.mp4': await bench.makeFile('film.mp4', 20 * MIB + 1),
      'note +%#é 电影.txt': await bench.makeFile('note +%#é 电影.txt', 1000),
      'empty.mp4': await bench.makeFile('empty.mp4', 0),
      'cover.PNG': await bench.makeFile('cover.PNG', 5000),
    }
    const { drive, complaints } = await bench.open()
    await drive.choose(Object.values(files).map((file) => file.path))

    for (const [name, source] of Object.entries(files)) {
      await drive.reaches(name, 'succeeded')
      const key = await drive.fact(name, 'Key')
      expect(await bench.stored.sha256(key)).toBe(source.sha256)
      expect(await drive.fact(name, 'Media id')).toMatch(/^[0-9a-f]{32}$/)
      expect(await drive.fact(name, 'CRC-64')).toMatch(/^\d{1,20}$/)
    }
    const film = drive.row('film.mp4')
    expect(await film.getAttribute('data-sent')).toBe(String(20 * MIB + 1))
    expect(await film.getAttribute('data-total')).toBe(String(20 * MIB + 1))
    expect(await film.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100')
    const filmKey = await drive.fact('film.mp4', 'Key')
    expect(filmKey).toMatch(/^sv\/.*\.mp4$/)
    // How large the parts are depends on how fast the machine is; none is sent twice.
    const filmOperations = await operations(filmKey)
    expect(new Set(filmOperations).size).toBe(filmOperations.length)
    expect(filmOperations).toEqual(
      expect.arrayContaining(['InitiateMultipartUpload', 'UploadPart 1', 'CompleteMultipartUpload']),
    )
    const coverKey = await drive.fact('cover.PNG', 'Key')
    expect(coverKey).toMatch(/^image\/default\/.*\.png$/)
    expect(await operations(coverKey)).toEqual(['PutObject'])
    expect(complaints).toEqual([])
  })

  test('moves nothing under the eyes of its user', async () => {
    const files = await Promise.all(
      ['a.mp4', 'b.png', 'c.mp4'].map((name) => bench.makeFile(`still/${name}`, 9 * MIB)),
    )
    const { page, drive } = await bench.open()
    const shift = await page.evaluateHandle(() => {
      const total = { score: 0 }
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          total.score += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
      return total
    })
    await drive.choose(files.map((file) => file.path))
    for (const name of ['a.mp4', 'b.png', 'c.mp4']) await drive.reaches(name, 'succeeded')
    expect(await shift.jsonValue()).toEqual({ score: 0 })
  })

  test('uploads what is dropped, folders with all that is in them', async () => {
    const files = {
      'a.mp4': await bench.makeFile('dropped/a.mp4', 100),
      'b.mp4': await bench.makeFile('dropped/inner/b.mp4', 200),
      'single.mp4': await bench.makeFile('single.mp4', 300),
    }
    const { drive, complaints } = await bench.open()
    await drive.drop([path.join(bench.folder, 'sources', 'dropped'), files['single.mp4'].path])
    for (const [name, source] of Object.entries(files)) {
      await drive.reaches(name, 'succeeded')
      expect(await bench.stored.sha256(await drive.fact(name, 'Key'))).toBe(source.sha256)
    }
    expect(await drive.row('b.mp4').getByText('dropped/inner/b.mp4').isVisible()).toBe(true)
    expect(complaints).toEqual([])
  })

  test('says what went wrong and what to do, and uploads the same file in the same row on retry', async () => {
    const file = await bench.makeFile('again.mp4', 1000)
    bench.foreign.refuseOnce()
    const { page, drive } = await bench.open('gated')
    await drive.choose([file.path])
    await drive.reaches('again.mp4', 'failed')
    const problem = await drive.row('again.mp4').locator('[data-part=problem]:visible').innerText()
    expect(problem).toContain('No storage was found. (Forbidden.InitFailed)')
    expect(problem).toContain('Check what the authorization service says, then retry.')

    await drive.press('again.mp4', 'retry')
    await drive.reaches('again.mp4', 'succeeded')
    expect(await page.locator('[data-testid=upload]').count()).toBe(1)
    expect(await bench.stored.sha256(await drive.fact('again.mp4', 'Key'))).toBe(file.sha256)
    expect(await drive.row('again.mp4').locator('[data-part=problem]').isVisible()).toBe(false)
  })

  test('pauses and resumes by keyboard, and keeps the focus in the row', async () => {
    const file = await bench.makeFile('paused.mp4', 20 * MIB)
    bench.gate.hold(MIB)
    const { page, drive } = await bench.open('gated')
    await drive.choose([file.path])
    await drive.sends('paused.mp4')
    const row = drive.row('paused.mp4')
    await row.locator('[data-action=pause]').focus()
    await page.keyboard.press('Enter')
    await drive.reaches('paused.mp4', 'paused')
    expect(await page.locator(':focus').getAttribute('data-action')).toBe('resume')
    await page
      .locator('[data-testid=announcer]')
      .getByText('paused.mp4: Paused')
      .waitFor({ state: 'attached' })
    expect(await row.locator('[data-action]:visible').allTextContents()).toEqual(['Resume', 'Cancel'])

    bench.gate.release()
    await page.keyboard.press('Enter')
    await drive.reaches('paused.mp4', 'succeeded')
    expect(await bench.stored.sha256(await drive.fact('paused.mp4', 'Key'))).toBe(file.sha256)
  })

  test('cancels in the middle and leaves nothing on the server', async () => {
    const file = await bench.makeFile('canceled.mp4', 20 * MIB)
    bench.gate.hold(MIB)
    const { page, drive } = await bench.open('gated')
    const [answer] = await Promise.all([
      page.waitForResponse(`${bench.foreign.url}/create`),
      drive.choose([file.path]),
    ])
    const { UploadAddress } = (await answer.json()) as { UploadAddress: string }
    const { FileName } = JSON.parse(Buffer.from(UploadAddress, 'base64').toString()) as { FileName: string }
    await drive.sends('canceled.mp4')
    await drive.press('canceled.mp4', 'cancel')
    await drive.reaches('canceled.mp4', 'canceled')
    await expect
      .poll(async () => (await bench.stored.log(FileName)).at(-1))
      .toMatchObject({ op: 'AbortMultipartUpload', status: 204 })
    await expect(bench.stored.sha256(FileName)).rejects.toThrow('ENOENT')
    expect(await drive.row('canceled.mp4').locator('[data-action]:visible').allTextContents()).toEqual([
      'Retry',
      'Remove',
    ])
  })

  test('works under any path of any origin, with the service elsewhere', async () => {
    const file = await bench.makeFile('elsewhere.mp4', 1000)
    const servePage = createPage(BUILT_PAGE)
    const server = createServer((request, response) => {
      request.url = request.url?.startsWith('/deep/path/')
        ? request.url.slice('/deep/path'.length)
        : '/nothing'
      servePage(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { drive, complaints } = await bench.open(
      `http://127.0.0.1:${port}/deep/path/?api=${bench.demo.url}/api`,
    )
    await drive.choose([file.path])
    await drive.reaches('elsewhere.mp4', 'succeeded')
    expect(complaints).toEqual([])
    server.closeAllConnections()
    server.close()
  })

  test('says so when ?api= is no URL', async () => {
    const { page } = await bench.open('/?api=javascript:0')
    expect(await page.getByRole('alert').textContent()).toContain(
      '?api= must be an HTTP URL, got "javascript:0"',
    )
  })
})

describe('the demo’s server', () => {
  test('answers on localhost and on 127.0.0.1', async () => {
    const address = bench.demo.url.replace('localhost', '127.0.0.1')
    expect((await fetch(address)).status).toBe(200)
    expect((await fetch(bench.demo.url)).status).toBe(200)
  })

  test('ends at a signal, without a word', async () => {
    const other = await runDemo({ dataDir: path.join(bench.folder, 'other') })
    expect(await other.stop()).toEqual({ exitCode: 0, output: `Sluice demo ready: ${other.url}\n` })
    await expect(fetch(other.url)).rejects.toThrow('fetch failed')
  })

  test('gives up in one line when a port is in use', async () => {
    const port = Number(new URL(bench.demo.url).port)
    expect(await runDemoToItsEnd({ dataDir: path.join(bench.folder, 'other'), port })).toEqual({
      exitCode: 1,
      output: `Port ${port} is in use: set PORT to a free one\n`,
    })
  })
})
