import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listenOnLoopback } from './listen-on-loopback.ts'
import { createPage } from './page.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-page-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('createPage() refuses a folder without a page', () => {
  expect(() => createPage(folder)).toThrow('The page is not built')
})

test('createPage() serves page and scripts under one strict policy, and nothing from outside its folder', async () => {
  const pageDir = path.join(folder, 'page')
  await mkdir(path.join(pageDir, 'assets'), { recursive: true })
  await writeFile(path.join(pageDir, 'index.html'), '<title>page</title>')
  await writeFile(path.join(pageDir, 'assets', 'worker.js'), '0')
  await writeFile(path.join(folder, 'secret.txt'), 'secret')
  const server = await listenOnLoopback(createPage(pageDir), 0)
  const origin = `http://127.0.0.1:${server.port}`
  try {
    for (const file of ['/', '/assets/worker.js']) {
      const response = await fetch(origin + file)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-security-policy')).toContain(
        "default-src 'self'; script-src 'self'",
      )
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
    expect((await fetch(`${origin}/assets/worker.js`)).headers.get('content-type')).toBe('text/javascript')
    const outside = ['/nothing', '/%2e%2e/secret.txt', '/..%2fsecret.txt'].map((file) => fetch(origin + file))
    expect((await Promise.all(outside)).map(({ status }) => status)).toEqual([404, 404, 404])
    expect((await fetch(origin, { method: 'POST' })).status).toBe(405)
  } finally {
    await server.close()
  }
})
