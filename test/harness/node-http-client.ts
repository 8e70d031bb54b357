import { Agent, request as sendRequest } from 'node:http'
import type { HttpBody, HttpClient, HttpResponse, Probe } from '@sluice/worker'
import { UploadError } from '@sluice/worker/protocol'
import { toForm } from '../../packages/worker/src/http/to-form.ts'

/** Sends by Node's http, for the engine in Node. */
export function createNodeHttpClient(): {
  readonly send: HttpClient
  readonly probe: Probe
  readonly close: () => void
} {
  const agent = new Agent({ keepAlive: true })
  const send: HttpClient = async (
    { method, url, headers, form },
    body,
    { signal, idleTimeoutMs, onProgress },
  ) => {
    signal.throwIfAborted()
    // Node's own encoding of forms tells its boundary in the type.
    const encoded = form && new Response(toForm(form, body))
    const formType = encoded?.headers.get('content-type')
    const bytes = encoded ? new Uint8Array(await encoded.arrayBuffer()) : await bytesOf(body)
    return new Promise<HttpResponse>((resolve, reject) => {
      const lost = (cause: unknown): void => {
        reject(
          signal.aborted ? signal.reason : new UploadError('NETWORK', `${method} got no answer`, { cause }),
        )
      }
      const outgoing = sendRequest(
        url,
        {
          method,
          agent,
          signal,
          timeout: idleTimeoutMs,
          headers: {
            ...headers,
            ...(formType ? { 'content-type': formType } : {}),
            'content-length': bytes.length,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', lost)
          incoming.on('end', () => {
            onProgress?.(bytes.length)
            const received = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
            const answer = Object.fromEntries(received) as Record<string, string>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: answer,
              body: Buffer.concat(chunks).toString(),
            })
          })
        },
      )
      outgoing.on('timeout', () => {
        reject(new UploadError('TIMEOUT', `${method} made no progress for ${idleTimeoutMs} ms`))
        outgoing.destroy()
      })
      outgoing.on('error', lost)
      outgoing.end(bytes)
    })
  }
  const probe: Probe = (origin, signal) =>
    send({ method: 'HEAD', url: origin, headers: {} }, undefined, {
      signal,
      idleTimeoutMs: 10_000,
    }).then(
      () => true,
      () => false,
    )
  return { send, probe, close: () => agent.destroy() }
}

async function bytesOf(body: HttpBody): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array()
  return new Uint8Array(body instanceof Blob ? await body.arrayBuffer() : body)
}
