import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An authorization service of another origin, as an application may have one. */
export interface ForeignService {
  /** For `?api=`. */
  readonly url: string
  /** Refuses the next request. */
  refuseOnce(): void
  close(): Promise<void>
}

export interface ForeignServiceOptions {
  /** The demo's own service, which this one asks. */
  readonly apiUrl: string
  /** Which OSS uploads are sent to, told the demo's own. */
  readonly toEndpoint: (endpoint: string) => Promise<string>
}

/** Starts a service that passes the demo's answers on, with another endpoint in them. */
export async function startForeignService(options: ForeignServiceOptions): Promise<ForeignService> {
  let isRefusing = false
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', '*')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (isRefusing) {
      isRefusing = false
      return void response
        .writeHead(403)
        .end(JSON.stringify({ Code: 'Forbidden.InitFailed', Message: 'No storage was found.' }))
    }
    const body = Buffer.concat(await request.toArray())
    const authorized = await fetch(options.apiUrl + (request.url ?? ''), { method: 'POST', body })
    const json = (await authorized.json()) as { UploadAddress: string }
    const address = JSON.parse(Buffer.from(json.UploadAddress, 'base64').toString()) as { Endpoint: string }
    const moved = { ...address, Endpoint: await options.toEndpoint(address.Endpoint) }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(
      JSON.stringify({ ...json, UploadAddress: Buffer.from(JSON.stringify(moved)).toString('base64') }),
    )
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuseOnce() {
      isRefusing = true
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
