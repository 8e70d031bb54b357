import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { CALLBACK_TIMEOUT_MS, MAX_CALLBACK_ANSWER_BYTES } from '../limits.ts'
import type { CallbackOrder } from './callback-order.ts'

/** What came of telling the application server. */
export type CallbackOutcome =
  | { readonly kind: 'answered'; readonly json: string }
  /** Message in the service's words. */
  | { readonly kind: 'failed'; readonly message: string }

/**
 * Posts a callback to one address. Never rejects.
 *
 * Not `fetch`: it does not let the Host header be chosen.
 *
 * @param body filled-in template
 */
export async function postCallback(url: URL, order: CallbackOrder, body: string): Promise<CallbackOutcome> {
  const signal = AbortSignal.timeout(CALLBACK_TIMEOUT_MS)
  try {
    const response = await send(url, order, body, signal)
    if (response.statusCode !== 200) {
      response.destroy()
      return failed(`Error status : ${response.statusCode ?? 0}.`)
    }
    return readAnswer(await readText(response))
  } catch {
    if (signal.aborted) return failed('Cost too long time.')
    return failed('Error Status : -1.OSS can not connect to your callbackUrl, please check it.')
  }
}

function send(url: URL, order: CallbackOrder, body: string, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const headers = {
    'content-type': order.bodyType,
    'content-length': Buffer.byteLength(body),
    'user-agent': 'http-client/0.0.1',
    ...(order.host !== undefined && { host: order.host }),
  }
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', headers, signal, agent: false }, resolve).on('error', reject).end(body)
  })
}

/** @returns `undefined` when there is more than the service takes */
async function readText(response: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue
    chunks.push(chunk)
    sizeBytes += chunk.length
    if (sizeBytes > MAX_CALLBACK_ANSWER_BYTES) return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readAnswer(text: string | undefined): CallbackOutcome {
  if (text === undefined) return failed('Response body is too large.')
  try {
    JSON.parse(text)
    return { kind: 'answered', json: text }
  } catch {
    return failed('Response body is not valid json format.')
  }
}

function failed(message: string): CallbackOutcome {
  return { kind: 'failed', message }
}
