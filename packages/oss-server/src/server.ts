import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { sealToken, temporarySecret, type TokenScope } from './auth/tokens.ts'
import { openAccessLog } from './http/access-log.ts'
import { createBodyReader, type BodyReader } from './http/body-reader.ts'
import { ALLOW_ALL_RULE, type CorsRule } from './http/cors.ts'
import { runExchange, type ExchangeEnvironment } from './http/exchange.ts'
import type { OssServerOptions } from './options.ts'
import { resolveSettings } from './settings.ts'
import { openStore } from './store/store.ts'
import type { OpenUpload } from './store/upload-store.ts'

/** Headers of one request: 8 KB of metadata, two callbacks of 5 KB and a token do not fit into Node's 16 KB. */
const MAX_HEADER_BYTES = 64 * 1024

/** Temporary credentials, as STS gives them. */
export interface IssuedToken {
  /** Begins with `STS.`. */
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string
  /** ISO 8601. */
  readonly expiration: string
}

/** What {@link OssServer.issueToken} is asked for. */
export interface TokenOptions extends TokenScope {
  /** Lifetime in seconds from now, above 0, at most 43200; fractions are allowed. */
  readonly ttlSeconds: number
}

/** A running server. */
export interface OssServer {
  /** `http://127.0.0.1:port`: path style. The virtual host of a bucket is `http://<bucket>.localhost:port`. */
  readonly url: string
  readonly port: number
  /** Connections that carried a request: open now, and the most at any one time. */
  readonly openConnections: { readonly current: number; readonly peak: number }
  /** Makes temporary credentials; they outlive a restart on the same data folder. */
  issueToken(options: TokenOptions): IssuedToken
  /** Replaces the CORS rules of a bucket. */
  setCors(bucket: string, rules: readonly CorsRule[]): Promise<void>
  /** Open multipart uploads of a bucket. */
  listUploads(bucket: string): readonly OpenUpload[]
  /** Stops: open connections are ended, running requests are seen to their end. */
  close(): Promise<void>
}

/** Starts a local OSS on a data folder. */
export async function createOssServer(options: OssServerOptions): Promise<OssServer> {
  const settings = resolveSettings(options)
  const readers = new WeakMap<Duplex, BodyReader>()
  const sockets = new Set<Duplex>()
  const running = new Set<Promise<void>>()
  let peak = 0
  let environment: Promise<ExchangeEnvironment> | undefined

  const handle = async (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => {
    const body = createBodyReader(request, {
      idleTimeoutMs: settings.bodyIdleTimeoutMs,
      sendContinue: awaitsContinue ? () => response.writeContinue() : undefined,
    })
    readers.set(request.socket, body)
    if (!sockets.has(request.socket)) {
      sockets.add(request.socket)
      peak = Math.max(peak, sockets.size)
      request.socket.once('close', () => sockets.delete(request.socket))
    }
    if (environment !== undefined) await runExchange({ request, response, body }, await environment)
  }
  const accept = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): void => {
    const exchange = handle(request, response, awaitsContinue)
    running.add(exchange)
    void exchange.finally(() => running.delete(exchange))
  }

  const http = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    // A part may take hours on a slow line; stalled bodies are found by the body reader.
    requestTimeout: 0,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
  })
  http.on('request', (request, response) => accept(request, response, false))
  http.on('checkContinue', (request, response) => accept(request, response, true))
  http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const reader = readers.get(socket)
    // The client closed its side within a body: there is still somebody to answer.
    if (error.code === 'HPE_INVALID_EOF_STATE' && reader !== undefined) return reader.cutShort()
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })

  // Listening comes first: a second server on the same port fails before it touches the data folder.
  http.listen(settings.port, settings.host)
  await once(http, 'listening')
  environment = openStore(options.dir).then((store) => ({
    settings,
    store,
    log: openAccessLog(store.layout.accessLog),
  }))
  const { store, log } = await environment

  for (const [bucket, { cors, responseVary, acl }] of Object.entries(options.buckets ?? {})) {
    await store.buckets.put(bucket, {
      createdMs: store.buckets.get(bucket)?.createdMs ?? settings.now(),
      acl: acl ?? 'private',
      cors: cors ?? [ALLOW_ALL_RULE],
      responseVary: responseVary ?? false,
    })
  }

  const { port } = http.address() as AddressInfo
  return {
    url: `http://${settings.host}:${port}`,
    port,
    get openConnections() {
      return { current: sockets.size, peak }
    },

    issueToken({ ttlSeconds, ...scope }) {
      const accessKeyId = `STS.${randomBytes(18).toString('base64url')}`
      const expiresAtMs = settings.now() + ttlSeconds * 1000
      return {
        accessKeyId,
        accessKeySecret: temporarySecret(store.tokenSecret, accessKeyId),
        securityToken: sealToken(store.tokenSecret, { ...scope, accessKeyId, expiresAtMs }),
        expiration: new Date(expiresAtMs).toISOString(),
      }
    },

    async setCors(bucket, rules) {
      const existing = store.buckets.get(bucket)
      if (existing === undefined) throw new Error(`there is no bucket ${bucket}`)
      await store.buckets.put(bucket, { ...existing, cors: rules })
    },

    listUploads: (bucket) => store.uploads.list(bucket),

    async close() {
      http.close()
      http.closeAllConnections()
      await Promise.all(running)
      log.close()
    },
  }
}
