import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Trouble } from '../trouble/trouble.ts'
import { VodError } from '../vod/vod-error.ts'
import type { VodService } from '../vod/vod-service.ts'
import type { OriginRule } from './origins.ts'
import { readBody } from './read-body.ts'
import { createRoutes } from './routes.ts'
import type { Routes } from './routes.ts'

export interface ApiOptions {
  readonly vod: VodService
  /** `undefined` where there is no local OSS to have any. */
  readonly trouble: Trouble | undefined
  /** Named in errors, as the OpenAPI does. */
  readonly hostId: string
  readonly allowsOrigin: OriginRule
  /** Told of what is no refusal but a defect. */
  readonly onDefect: (error: unknown) => void
}

/**
 * The authorization service: `POST /api/create`, `/api/refresh` and `/api/create-image`; and `/api/trouble`, where there is
 * a local OSS.
 */
export function createApi(options: ApiOptions): RequestListener {
  const routes = createRoutes(options.vod, options.trouble)
  return (request, response) => void answer(routes, options, request, response)
}

async function answer(
  routes: Routes,
  options: ApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    allowOrigin(options.allowsOrigin, request, response)
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end()
      return
    }
    sendJson(response, 200, await act(routes, request))
  } catch (error) {
    if (!(error instanceof VodError)) options.onDefect(error)
    const refusal =
      error instanceof VodError
        ? error
        : new VodError(500, 'InternalError', 'The request processing has failed due to some unknown error.')
    sendJson(response, refusal.status, {
      RequestId: refusal.requestId ?? randomUUID().toUpperCase(),
      HostId: options.hostId,
      Code: refusal.code,
      Message: refusal.message,
    })
  }
}

async function act(routes: Routes, request: IncomingMessage): Promise<object> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost')
  const methods = routes.get(pathname)
  if (methods === undefined) {
    throw new VodError(404, 'InvalidAction.NotFound', 'The specified action is not found.')
  }
  const action = methods.get(request.method ?? '')
  if (action === undefined) {
    const known = [...methods.keys()].join(', ')
    throw new VodError(405, 'UnsupportedHTTPMethod', `This http method is not supported: use ${known}.`)
  }
  return action({ body: await readBody(request), query })
}

/** CORS: the page may be of another origin. A request without an origin comes from no page. */
function allowOrigin(allows: OriginRule, request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers
  if (origin === undefined) return
  if (!allows(origin)) throw new VodError(403, 'Forbidden', `Pages of ${origin} may not ask for credentials.`)
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Vary', 'Origin')
  if (request.method !== 'OPTIONS') return
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE')
  response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '')
  response.setHeader('Access-Control-Max-Age', '600')
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  // Credentials are in it.
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(value))
}
