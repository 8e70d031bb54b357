import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ServerSettings } from '../settings.ts'
import { createBodyReader, type BodyReader } from './body-reader.ts'
import type { Channel } from './send-answer.ts'

/** Headers of one request: 8 KB of metadata, two callbacks of 5 KB and a token do not fit into Node's 16 KB. */
const MAX_HEADER_BYTES = 64 * 1024

/** Connections that carried a request. */
export interface ConnectionCount {
  /** Open now. */
  readonly current: number
  /** Most at any one time, since the start or the last reset. */
  readonly peak: number
}

/** The HTTP server with what Node leaves to its users. */
export interface Listener {
  readonly port: number
  connections(): ConnectionCount
  resetPeak(): void
  /** Resets every connection that is open now. @returns how many requests that cut short */
  dropConnections(): number
  /** Offline, connections are reset as soon as they are made; those that are open are at once. */
  setOnline(isOnline: boolean): void
  /** Ends open connections and waits for what they had running. */
  close(): Promise<void>
}

/**
 * Starts listening.
 *
 * @param settings address, port and timeouts
 * @param onExchange deals with one request; when it rejects the connection is ended
 * @throws the error of `listen`, e.g. with code EADDRINUSE
 */
export async function listen(
  settings: ServerSettings,
  onExchange: (channel: Channel) => Promise<void>,
): Promise<Listener> {
  const readers = new WeakMap<Duplex, BodyReader>()
  const sockets = new Set<Duplex>()
  const running = new Set<Promise<void>>()
  /** All connections, those included that a browser makes ahead of its requests. */
  const open = new Set<Socket>()
  let isOnline = true
  let peak = 0

  const accept = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): void => {
    const { socket } = request
    const body = createBodyReader(request, {
      idleTimeoutMs: settings.bodyIdleTimeoutMs,
      sendContinue: awaitsContinue ? () => response.writeContinue() : undefined,
    })
    readers.set(socket, body)
    if (!sockets.has(socket)) {
      sockets.add(socket)
      peak = Math.max(peak, sockets.size)
      socket.once('close', () => sockets.delete(socket))
    }
    const closing = new AbortController()
    response.once('close', () => closing.abort())
    const exchange = onExchange({ request, response, body, closed: closing.signal }).catch(() => {
      // The data folder cannot be used: there is nobody to answer in the service's words.
      socket.destroy()
    })
    running.add(exchange)
    void exchange.finally(() => running.delete(exchange))
  }

  const http = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    // A part may take hours on a slow line; stalled bodies are found by the body reader.
    requestTimeout: 0,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
  })
  http.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    if (!isOnline) socket.resetAndDestroy()
  })
  http.on('request', (request, response) => accept(request, response, false))
  http.on('checkContinue', (request, response) => accept(request, response, true))
  http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const reader = readers.get(socket)
    // The client closed its side within a body: there is still somebody to answer.
    if (error.code === 'HPE_INVALID_EOF_STATE' && reader !== undefined && socket.writable) reader.cutShort()
    else if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  http.listen(settings.port, settings.host)
  await once(http, 'listening')
  const address = http.address()

  const dropConnections = (): number => {
    for (const socket of open) socket.resetAndDestroy()
    return running.size
  }

  return {
    port: typeof address === 'object' && address !== null ? address.port : settings.port,
    connections: () => ({ current: sockets.size, peak }),
    resetPeak() {
      peak = sockets.size
    },
    dropConnections,
    setOnline(isNowOnline) {
      isOnline = isNowOnline
      if (!isOnline) dropConnections()
    },
    async close() {
      http.close()
      http.closeAllConnections()
      await Promise.all(running)
    },
  }
}
