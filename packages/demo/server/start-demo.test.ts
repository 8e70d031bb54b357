import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Settings } from './settings.ts'
import { startDemo } from './start-demo.ts'

let folder: string
let settings: Settings
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-demo-'))
  await writeFile(path.join(folder, 'index.html'), '<title>page</title>')
  settings = { port: 0, ossPort: 0, dataDir: path.join(folder, 'data'), vod: { kind: 'local' } }
})
afterEach(() => rm(folder, { recursive: true }))

interface Answer {
  readonly VideoId: string
  readonly UploadAddress: string
}

async function post(url: string, body: object): Promise<{ readonly status: number; readonly json: Answer }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, json: (await response.json()) as Answer }
}

const fileNameOf = ({ UploadAddress }: Answer): unknown =>
  (JSON.parse(Buffer.from(UploadAddress, 'base64').toString()) as { FileName: unknown }).FileName

async function takePort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

describe('startDemo()', () => {
  test('serves the page, and credentials that the local OSS takes', async () => {
    const demo = await startDemo(settings, folder)
    try {
      expect(await (await fetch(demo.url)).text()).toBe('<title>page</title>')
      const { status, json } = await post(`${demo.url}/api/create`, { name: 'film.mp4' })
      expect(status).toBe(200)
      expect(fileNameOf(json)).toMatch(/^sv\//)
    } finally {
      await demo.close()
    }
  })

  test('remembers a video over a restart', async () => {
    const first = await startDemo(settings, folder)
    const created = await post(`${first.url}/api/create`, { name: 'film.mp4' })
    await first.close()
    const second = await startDemo(settings, folder)
    const refreshed = await post(`${second.url}/api/refresh`, { mediaId: created.json.VideoId })
    await second.close()
    expect(refreshed.status).toBe(200)
    expect(fileNameOf(refreshed.json)).toBe(fileNameOf(created.json))
  })

  test('forgets trouble over a restart', async () => {
    const first = await startDemo(settings, folder)
    await post(`${first.url}/api/trouble`, { kind: 'slow-link' })
    const offline = await post(`${first.url}/api/trouble`, { kind: 'offline' })
    expect(offline).toEqual({ status: 200, json: { lasting: ['slow-link', 'offline'] } })
    await first.close()
    const second = await startDemo(settings, folder)
    const current = await (await fetch(`${second.url}/api/trouble`)).json()
    await second.close()
    expect(current).toEqual({ lasting: [] })
  })

  test('says which variable to set when a port is in use, and leaves no other port taken', async () => {
    const taken = await takePort()
    const free = await takePort()
    await new Promise((resolve) => free.server.close(resolve))
    try {
      await expect(startDemo({ ...settings, ossPort: taken.port }, folder)).rejects.toThrow(
        `Port ${taken.port} is in use: set OSS_PORT to a free one`,
      )
      const busy = { ...settings, port: taken.port, ossPort: free.port }
      await expect(startDemo(busy, folder)).rejects.toThrow(
        `Port ${taken.port} is in use: set PORT to a free one`,
      )
      await (await startDemo({ ...settings, ossPort: free.port }, folder)).close()
    } finally {
      taken.server.close()
    }
  })
})
