import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { Answer, AnswerBody } from './answer.ts'
import type { BodyReader } from './body-reader.ts'
import { displayName, toHeaderBytes } from './headers.ts'
import { pace } from './pace.ts'

/** Up to this many unread bytes are taken and thrown away so that the connection can go on. */
const KEEP_ALIVE_DRAIN_BYTES = 16 * 1024 * 1024

/** Up to this many are taken before a connection that is given up is closed. */
const CLOSING_DRAIN_BYTES = 64 * 1024 * 1024

/** What a request came on and its answer goes out on. */
export interface Channel {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: BodyReader
  /** Aborted when the answer is out, or the connection gone. */
  readonly closed: AbortSignal
}

/**
 * Sends an answer and sees the request through to its end.
 *
 * A client that is still sending sees a reset instead of the answer when the connection is closed on unread
 * bytes, browsers above all. So what is left of the body is read after the answer: little of it to keep the
 * connection, more of it (within limits) before closing.
 *
 * @returns whether the client took all of the answer
 */
export async function sendAnswer(channel: Channel, answer: Answer): Promise<'sent' | 'aborted'> {
  const { request, response, body } = channel
  try {
    if (response.destroyed || request.socket.destroyed) return 'aborted'
    const leftover = leftoverOf(channel)
    writeHead(response, answer, leftover === 'none' || leftover === 'little')
    await writeBody(channel, answer)
    if (answer.cut?.isValidHttp === false) {
      response.flushHeaders()
      request.socket.destroySoon()
      return 'aborted'
    }
    if (leftover === 'little' || leftover === 'much') response.flushHeaders()
    if (leftover === 'little') await drain(body, KEEP_ALIVE_DRAIN_BYTES)
    if (leftover === 'much') await drain(body, CLOSING_DRAIN_BYTES)
    response.end()
    await finished(response)
    // Kept alive in the hope that the rest of the body comes, which it did not.
    if (!request.complete) request.socket.destroySoon()
    return 'sent'
  } catch {
    // Content-Length was announced: an answer that cannot be finished has to be cut.
    response.destroy()
    return 'aborted'
  } finally {
    if (answer.body.kind === 'file') await answer.body.file.close()
  }
}

/** What of the request's body nobody has read, and whether it is worth reading. */
function leftoverOf({ request, body }: Channel): 'none' | 'little' | 'much' | 'not-coming' {
  if (request.complete) return 'none'
  // The client waits for `100 Continue`, or has stopped.
  if (!body.isExpected() || request.destroyed || body.isGivenUp()) return 'not-coming'
  if (body.declaredBytes === undefined) return 'much'
  return body.declaredBytes - body.receivedBytes() <= KEEP_ALIVE_DRAIN_BYTES ? 'little' : 'much'
}

function writeHead(response: ServerResponse, answer: Answer, isKeptAlive: boolean): void {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers))
    headers[displayName(name)] = toHeaderBytes(value)
  const length = contentLength(answer)
  if (length !== undefined) headers['Content-Length'] = String(length)
  if (!isKeptAlive) headers['Connection'] = 'close'
  response.sendDate = false
  response.writeHead(answer.status, headers)
}

/** @returns `undefined` when the answer must have none, or its headers say it */
function contentLength({ status, headers, body, cut }: Answer): number | undefined {
  if (status === 204 || status === 304) return undefined
  const full = body.kind === 'text' ? Buffer.byteLength(body.text) : Number(headers['content-length'] ?? 0)
  if (cut === undefined) return full
  // An answer without a body is cut by announcing one.
  return cut.isValidHttp ? Math.min(full, cut.keepBytes) : Math.max(full, cut.keepBytes + 1)
}

async function writeBody({ response, closed }: Channel, { body, cut }: Answer): Promise<void> {
  const keepBytes = cut?.keepBytes ?? Number.POSITIVE_INFINITY
  switch (body.kind) {
    case 'none':
      return
    case 'text':
      response.write(Buffer.from(body.text).subarray(0, keepBytes))
      return
    case 'file':
      await pipeline(fileChunks(body, keepBytes, closed), response, { end: false })
  }
}

function fileChunks(
  { file, start, end, bytesPerSecond }: Extract<AnswerBody, { readonly kind: 'file' }>,
  keepBytes: number,
  closed: AbortSignal,
): AsyncIterable<Buffer> {
  const stop = Math.min(end, start + keepBytes)
  if (stop <= start) return Readable.from([])
  const chunks = exactly(file.createReadStream({ start, end: stop - 1, autoClose: false }), stop - start)
  return bytesPerSecond() === undefined ? chunks : pace(chunks, bytesPerSecond, closed)
}

/** The folder is open to everybody: a file may have become shorter than its record says. */
async function* exactly(chunks: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Buffer, void> {
  let passedBytes = 0
  for await (const chunk of chunks) {
    passedBytes += chunk.length
    yield chunk
  }
  if (passedBytes < sizeBytes) throw new Error('the file is shorter than its record says')
}

async function drain(body: BodyReader, maxBytes: number): Promise<void> {
  let drained = 0
  try {
    for await (const chunk of body.chunks()) {
      drained += chunk.length
      if (drained > maxBytes) return
    }
  } catch {
    // The client stopped: the answer is out already.
  }
}
