import type { IncomingMessage } from 'node:http'
import { incompleteBody, requestTimeout } from './errors.ts'

/** Body of a request. Its bytes are taken once, in order, and only as fast as they are asked for. */
export interface BodyReader {
  /** Content-Length; 0 when a request has no body; `undefined` when it is chunked. */
  readonly declaredBytes: number | undefined
  /** Bytes taken so far. */
  receivedBytes(): number
  /** Whether the client has been told, or need not be told, to send the body. */
  isExpected(): boolean
  /**
   * The bytes. Leaving the loop early leaves the rest unread and the connection open.
   *
   * @throws OssError IncompleteBody when the connection ends too soon, RequestTimeout when nothing comes
   */
  chunks(): AsyncGenerator<Buffer, void>
  /** Tells that the client closed its side, though the connection is still there to answer on. */
  cutShort(): void
  /** Nothing more is expected: the client closed its side, or nothing came for too long. */
  isGivenUp(): boolean
}

/** How to read a body. */
export interface BodyReaderOptions {
  /** Longest wait for the next byte, in ms. */
  readonly idleTimeoutMs: number
  /** Sends `100 Continue`; `undefined` when the client did not ask for it. */
  readonly sendContinue: (() => void) | undefined
}

/**
 * Creates the reader of a request's body. Nothing is read before the first chunk is asked for.
 *
 * Not the request's own iterator: leaving that one destroys the connection, and it knows no timeout.
 */
export function createBodyReader(request: IncomingMessage, options: BodyReaderOptions): BodyReader {
  let receivedBytes = 0
  let isExpected = options.sendContinue === undefined
  let isCutShort = false
  let isStalled = false
  let wakeReader: (() => void) | undefined

  async function* chunks(): AsyncGenerator<Buffer, void> {
    if (!isExpected) {
      isExpected = true
      options.sendContinue?.()
    }
    const signal = createSignal(request, options.idleTimeoutMs)
    wakeReader = () => signal.wake()
    try {
      for (;;) {
        const chunk: unknown = request.read()
        if (Buffer.isBuffer(chunk)) {
          receivedBytes += chunk.length
          yield chunk
          continue
        }
        if (request.readableEnded) return
        if (isCutShort || request.destroyed || request.readableAborted) throw incompleteBody()
        if ((await signal.next()) === 'timeout') {
          isStalled = true
          throw requestTimeout()
        }
      }
    } finally {
      signal.stop()
    }
  }

  return {
    declaredBytes: declaredLength(request),
    receivedBytes: () => receivedBytes,
    isExpected: () => isExpected,
    chunks,
    isGivenUp: () => isCutShort || isStalled,
    cutShort() {
      isCutShort = true
      wakeReader?.()
    },
  }
}

function declaredLength(request: IncomingMessage): number | undefined {
  if (request.headers['transfer-encoding'] !== undefined) return undefined
  return Number(request.headers['content-length'] ?? 0)
}

interface Signal {
  /** Resolves when the stream has news, or when there was none for too long. */
  next(): Promise<'news' | 'timeout'>
  wake(): void
  stop(): void
}

function createSignal(request: IncomingMessage, idleTimeoutMs: number): Signal {
  let wake: (reason: 'news' | 'timeout') => void = () => undefined
  const onNews = (): void => wake('news')
  // 'error' too: without a listener a reset connection would end the process.
  const events = ['readable', 'end', 'error', 'close'] as const
  for (const event of events) request.on(event, onNews)
  return {
    next() {
      return new Promise((resolve) => {
        const timer = setTimeout(() => wake('timeout'), idleTimeoutMs)
        wake = (reason) => {
          clearTimeout(timer)
          resolve(reason)
        }
      })
    },
    wake: onNews,
    stop() {
      for (const event of events) request.off(event, onNews)
    },
  }
}
