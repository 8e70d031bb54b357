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
  close(): Promise<void>
}

export interface PlainPage {
  readonly html: string
  /** CSP of the page. */
  readonly policy?: string
}

const SCRIPT_FOLDER = new URL('../../packages/core/dist/script/', import.meta.url)

/**
 * Starts a site with an authorization service at `/api/vod/`.
 *
 * @param workerPolicy CSP of the worker script: it goes by its own, not by the page's
 */
export async function startPlainSite(oss: OssFixture, workerPolicy: string): Promise<PlainSite> {
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
      const policy = page.policy === undefined ? {} : { 'Content-Security-Policy': page.policy }
      response.writeHead(200, { 'Content-Type': 'text/html', ...policy }).end(page.html)
    } else if (path === '/sluice.js' || path === '/sluice.worker.js') {
      response.setHeader('Content-Type', 'text/javascript')
      response.setHeader('Content-Security-Policy', workerPolicy)
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
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    put: (path, page) => void pages.set(path, page),
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
