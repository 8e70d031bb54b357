import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import type {
  Http2SecureServer,
  Http2ServerRequest,
  Http2ServerResponse,
  ServerHttp2Session,
} from 'node:http2'
import type { ContentCrc64 } from './known-content.ts'
import type { ContentKind } from './content.ts'
import { createServiceCount } from './service-count.ts'
import type { Operation, ServiceCount, ServiceFigures } from './service-count.ts'

export interface BenchOssOptions {
  /** CRC-64 of what is sent, by the first folder of the key: `noise/…` or `zeros/…`. */
  readonly contents: Readonly<Record<ContentKind, ContentCrc64>>
  /** Certificate for HTTP/2; without it the server speaks HTTP/1.1 without TLS. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/**
 * As much of OSS as an upload needs, for measurements: bodies are counted and discarded, signatures are not looked at, and
 * the CRC-64 that it answers is known from the length alone, so that it is not what limits the speed.
 */
export interface BenchOss {
  readonly server: Server | Http2SecureServer
  /** Begins to count anew, over new connections, and holds each answer back for so long. */
  start(run: { readonly delayMs: number }): void
  /** What came since. */
  figures(): ServiceFigures
}

type Request = IncomingMessage | Http2ServerRequest
type Response = ServerResponse | Http2ServerResponse

/** Receive windows of HTTP/2, in bytes: Node's default of 64 KiB would be the link. */
const HTTP2_WINDOW_BYTES = 8 * 1024 ** 2

/** What a rule that lets everything in answers, as the local OSS has it. Browsers keep preflights for two hours at most. */
const CORS_HEADERS = {
  'access-control-allow-methods': 'GET, PUT, POST, DELETE, HEAD',
  'access-control-expose-headers': 'ETag, x-oss-request-id, x-oss-hash-crc64ecma',
  'access-control-max-age': '86400',
}

export function createBenchOss({ contents, tls }: BenchOssOptions): BenchOss {
  let delayMs = 0
  let count = createServiceCount()
  const uploads = new Map<string, OpenUpload>()
  const sessions = new Set<ServerHttp2Session>()

  const onRequest = (request: Request, response: Response): void => {
    const ownCount = count
    ownCount.begin(operationOf(request))
    readBody(request, ownCount).then(
      (body) => {
        const answer = (): void => send(request, response, respond(request, body, ownCount))
        if (delayMs > 0) setTimeout(answer, delayMs)
        else answer()
      },
      // The page has gone: nobody waits for an answer.
      () => ownCount.lose(),
    )
  }

  const respond = (request: Request, body: Body, ownCount: ServiceCount): Answer => {
    const { key, query } = targetOf(request)
    const uploadId = query.get('uploadId')
    const crc64Of = (lengthBytes: number): string =>
      String(contents[key.startsWith('zeros/') ? 'zeros' : 'noise'](lengthBytes))
    switch (operationOf(request)) {
      case 'Preflight':
        return { status: 200 }
      case 'InitiateMultipartUpload': {
        const id = randomBytes(16).toString('hex').toUpperCase()
        uploads.set(id, { partBytes: new Map() })
        return {
          status: 200,
          xml: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
        }
      }
      case 'UploadPart': {
        const upload = uploads.get(uploadId ?? '')
        if (upload === undefined) return refuse(ownCount, 404, 'NoSuchUpload')
        upload.partBytes.set(Number(query.get('partNumber')), body.sizeBytes)
        return stored(crc64Of(body.sizeBytes))
      }
      case 'PutObject':
        ownCount.store(body.sizeBytes)
        return stored(crc64Of(body.sizeBytes))
      case 'CompleteMultipartUpload': {
        const upload = uploads.get(uploadId ?? '')
        if (upload === undefined) return refuse(ownCount, 404, 'NoSuchUpload')
        uploads.delete(uploadId ?? '')
        const sizeBytes = [...upload.partBytes.values()].reduce((sum, bytes) => sum + bytes, 0)
        ownCount.store(sizeBytes)
        const { headers } = stored(crc64Of(sizeBytes))
        const items = [
          `<Location>${urlOf(request)}</Location>`,
          '<Bucket>benchmark</Bucket>',
          `<Key>${key}</Key>`,
          `<ETag>${headers?.['etag']}</ETag>`,
        ]
        const xml = `<CompleteMultipartUploadResult>${items.join('')}</CompleteMultipartUploadResult>`
        return { status: 200, headers, xml }
      }
      case 'AbortMultipartUpload':
        uploads.delete(uploadId ?? '')
        return { status: 204 }
      case 'Other':
        return refuse(ownCount, 501, 'NotImplemented')
    }
  }

  const server = tls === undefined ? createServer(onRequest) : createHttp2(tls, sessions, onRequest)
  return {
    server,
    start(run) {
      delayMs = run.delayMs
      count = createServiceCount()
      uploads.clear()
      if ('closeAllConnections' in server) server.closeAllConnections()
      for (const session of sessions) session.close()
    },
    figures: () => count.figures(),
  }
}

function createHttp2(
  { key, cert }: { readonly key: string; readonly cert: string },
  sessions: Set<ServerHttp2Session>,
  onRequest: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
): Http2SecureServer {
  const server = createSecureServer(
    { key, cert, settings: { initialWindowSize: HTTP2_WINDOW_BYTES } },
    onRequest,
  )
  server.on('session', (session) => {
    session.setLocalWindowSize(HTTP2_WINDOW_BYTES)
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  return server
}

interface OpenUpload {
  readonly partBytes: Map<number, number>
}

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly xml?: string
}

/** An ETag is an MD5 on the real service; here nobody has read the bytes, so it is as long and made of their CRC-64. */
function stored(crc64: string): Answer {
  const etag = `"${BigInt(crc64).toString(16).padStart(32, '0').toUpperCase()}"`
  return { status: 200, headers: { etag, 'x-oss-hash-crc64ecma': crc64 } }
}

function refuse(count: ServiceCount, status: number, code: string): Answer {
  count.refuse()
  return {
    status,
    xml: `<Error><Code>${code}</Code><Message>This server is for measurements</Message></Error>`,
  }
}

function send(
  { headers: { origin } }: Request,
  response: Response,
  { status, headers, xml = '' }: Answer,
): void {
  const requestId = randomBytes(12).toString('hex').toUpperCase()
  const all: Record<string, string> = {
    ...CORS_HEADERS,
    'access-control-allow-origin': origin ?? '*',
    'access-control-allow-headers': '*, Authorization',
    'x-oss-request-id': requestId,
    ...headers,
    ...(xml === '' ? {} : { 'content-type': 'application/xml' }),
    ...(status === 204 ? {} : { 'content-length': String(Buffer.byteLength(xml)) }),
  }
  for (const [name, value] of Object.entries(all)) response.setHeader(name, value)
  response.statusCode = status
  response.end(xml)
}

function operationOf(request: Request): Operation {
  const { query } = targetOf(request)
  switch (request.method) {
    case 'OPTIONS':
      return 'Preflight'
    case 'PUT':
      return query.has('partNumber') ? 'UploadPart' : 'PutObject'
    case 'POST':
      return query.has('uploads')
        ? 'InitiateMultipartUpload'
        : query.has('uploadId')
          ? 'CompleteMultipartUpload'
          : 'Other'
    case 'DELETE':
      return query.has('uploadId') ? 'AbortMultipartUpload' : 'Other'
    case undefined:
    default:
      return 'Other'
  }
}

function urlOf({ headers, url = '/' }: Request): string {
  return `http://${headers.host ?? String(headers[':authority'])}${new URL(url, 'http://oss.test').pathname}`
}

/** The bucket is in the host, or in front of the key. */
function targetOf({ url = '/' }: Request): { readonly key: string; readonly query: URLSearchParams } {
  const { pathname, searchParams } = new URL(url, 'http://oss.test')
  const path = decodeURIComponent(pathname.slice(1))
  return { key: path.slice(Math.max(path.search(/(noise|zeros)\//), 0)), query: searchParams }
}

interface Body {
  readonly sizeBytes: number
}

/** Counts the body. @throws when the page breaks it off */
function readBody(request: Request, count: ServiceCount): Promise<Body> {
  return new Promise((resolve, reject) => {
    let sizeBytes = 0
    request.on('data', (chunk: Uint8Array) => {
      if (request.method === 'PUT') count.receive(chunk.length)
      sizeBytes += chunk.length
    })
    request.on('end', () => resolve({ sizeBytes }))
    request.on('error', reject)
    request.on('close', () => reject(new Error('The body was broken off')))
  })
}
