import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

/** An example as its application would serve it. */
export interface ExampleSite {
  readonly url: string
  close(): Promise<void>
}

export interface ExampleSiteOptions {
  /** Where its files are: the first folder that has one counts. */
  readonly folders: readonly URL[]
  /** CSP of the page and of its scripts, since a worker goes by its own. */
  readonly policy: string
  /** The authorization service that `/api` is passed on to. */
  readonly apiUrl: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
}

/** Serves an example, and passes its `/api` on. */
export async function startExampleSite({
  folders,
  policy,
  apiUrl,
}: ExampleSiteOptions): Promise<ExampleSite> {
  const authorize = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await request.toArray())
    const answer = await fetch(apiUrl + request.url?.replace(/^\/api/, ''), { method: 'POST', body })
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(await answer.text())
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = request.url === '/' ? 'index.html' : (request.url?.slice(1) ?? '')
    const file = await readFirst(folders, name)
    // A browser asks for an icon by itself.
    if (file === undefined) return void response.writeHead(name === 'favicon.ico' ? 204 : 404).end()
    const type = TYPES[path.extname(name)] ?? 'application/octet-stream'
    response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(file)
  }
  const server = createServer((request, response) => {
    const answer = request.url?.startsWith('/api/') === true ? authorize : serve
    answer(request, response).catch((error: Error) => response.destroy(error))
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readFirst(folders: readonly URL[], name: string): Promise<Buffer | undefined> {
  for (const folder of folders) {
    const file = await readFile(new URL(name, folder)).catch(() => undefined)
    if (file !== undefined) return file
  }
  return undefined
}
