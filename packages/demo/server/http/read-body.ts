import type { IncomingMessage } from 'node:http'
import { VodError } from '../vod/vod-error.ts'

/** Names and ids: far more than any of them needs. */
const MAX_BODY_BYTES = 64 * 1024

/**
 * Reads the body of a request as text.
 *
 * @throws {VodError} `RequestEntityTooLarge`
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue
    length += chunk.length
    // Read to its end all the same: leaving the loop would cut the connection that the refusal goes over.
    if (length <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  if (length > MAX_BODY_BYTES) {
    throw new VodError(413, 'RequestEntityTooLarge', `The body is longer than ${MAX_BODY_BYTES} bytes.`)
  }
  return Buffer.concat(chunks).toString('utf8')
}
