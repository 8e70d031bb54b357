import type { IncomingMessage, ServerResponse } from 'node:http'
import { finished, pipeline } from 'node:stream/promises'
import type { Answer } from './answer.ts'
import type { BodyReader } from './body-reader.ts'
import { displayName, toHeaderBytes } from './headers.ts'

/** Up to this many unread bytes are taken and thrown away so that the connection can go on. */
const KEEP_ALIVE_DRAIN_BYTES = 16 * 1024 * 1024

/** Up to this many are taken before a connection that is given up is closed. */
const CLOSING_DRAIN_BYTES = 64 * 1024 * 1024

/** What an answer is sent on. */
export interface Channel {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: BodyReader
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
    if (response.destroyed || request.socket.destroyed) {
      if (answer.body.kind === 'file') await answer.body.file.close()
      return 'aborted'
    }
    const leftover = leftoverOf(channel)
    writeHead(response, answer, leftover === 'none' || leftover === 'little')
    if (answer.body.kind === 'file') {
      const { file, start, end } = answer.body
      if (end > start) {
        await pipeline(file.createReadStream({ start, end: end - 1 }), response)
        return 'sent'
      }
      await file.close()
    }
    if (answer.body.kind === 'text') response.write(answer.body.text)
    else response.flushHeaders()
    if (leftover === 'little') await drain(body, KEEP_ALIVE_DRAIN_BYTES)
    if (leftover === 'much') await drain(body, CLOSING_DRAIN_BYTES)
    response.end()
    await finished(response)
    return 'sent'
  } catch {
    return 'aborted'
  }
}

/** What of the request's body nobody has read, and whether it is worth reading. */
function leftoverOf({ request, body }: Channel): 'none' | 'little' | 'much' | 'not-coming' {
  if (request.complete) return 'none'
  // The client waits for `100 Continue`, or is gone.
  if (!body.isExpected() || request.destroyed || body.isCutShort()) return 'not-coming'
  if (body.declaredBytes === undefined) return 'much'
  return body.declaredBytes - body.receivedBytes() <= KEEP_ALIVE_DRAIN_BYTES ? 'little' : 'much'
}

function writeHead(response: ServerResponse, answer: Answer, isKeptAlive: boolean): void {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers))
    headers[displayName(name)] = toHeaderBytes(value)
  if (answer.body.kind === 'text') headers['Content-Length'] = String(Buffer.byteLength(answer.body.text))
  else if (answer.status !== 204 && answer.status !== 304) headers['Content-Length'] ??= '0'
  if (!isKeptAlive) headers['Connection'] = 'close'
  response.sendDate = false
  response.writeHead(answer.status, headers)
}

async function drain(body: BodyReader, maxBytes: number): Promise<void> {
  let drained = 0
  for await (const chunk of body.chunks()) {
    drained += chunk.length
    if (drained > maxBytes) return
  }
}
