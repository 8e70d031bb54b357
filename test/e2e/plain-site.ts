import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OssFixture } from '../harness/oss-fixture.ts'

/** A site whose pages load the built script by a tag, and nothing that went through a bundler. */
export interface PlainSite {
  readonly url: string
  /** Serves a page at a path. */
  put(path: string, page: PlainPage): void
  /** Headers of the scripts from now on: a worker goes by its own, not by its page's. */
  setScriptHeaders(headers: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

export interface PlainPage {
  readonly html: string
  readonly headers?: Readonly<Record<string, string>>
}

const SCRIPT_FOLDER = new URL('../../packages/core/dist/script/', import.meta.url)

/** Starts a site with an authorization service at `/api/vod/`. */
export async function startPlainSite(oss: OssFixture): Promise<PlainSite> {
  let scriptHeaders: Readonly<Record<string, string>> = {}
  const pages = new Map<string, PlainPage>()

  const authorize = async (request: IncomingMessage): Promise<object> => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { name, mediaId } = JSON.parse(body) as { readonly name: string; readonly mediaId?: string }
    const key = mediaId ?? `${randomUUID()}-${name}`
    const credentials = await oss.api.credentials({ key })
    return {
      UploadAuth: toBase64({
        AccessKeyId: credentials.accessKeyId,
        AccessKeySecret: credentials.accessKeySecret,
        SecurityToken: credentials.securityToken,
        Expiration: '3600',
        Region: credentials.region,
      }),
      UploadAddress: toBase64({ Endpoint: credentials.endpoint, Bucket: credentials.bucket, FileName: key }),
      VideoId: key,
    }
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? ''
    const page = pages.get(path)
    if (page !== undefined) {
      response.writeHead(200, { 'Content-Type': 'text/html', ...page.headers }).end(page.html)
    } else if (path === '/sluice.js' || path === '/sluice.worker.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript', ...scriptHeaders })
      response.end(await readFile(new URL(`.${path}`, SCRIPT_FOLDER)))
    } else if (path.startsWith('/api/vod/')) {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify(await authorize(request)))
    } else {
      response.writeHead(404).end()
    }
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error))
  })
  // On all addresses: a page is in a secure context on localhost alone.
  server.listen(0)
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    put: (path, page) => void pages.set(path, page),
    setScriptHeaders(headers) {
      scriptHeaders = headers
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function toBase64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
