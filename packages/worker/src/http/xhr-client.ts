import { UploadError } from '../protocol/errors.ts'
import type { HttpBody, HttpRequest, HttpResponse, SendOptions } from './http-client.ts'
import { sizeOf } from './http-client.ts'
import { toForm } from './to-form.ts'

/** Sends by XMLHttpRequest: `fetch` has no upload progress. */
export function sendByXhr(
  request: HttpRequest,
  body: HttpBody,
  { signal, idleTimeoutMs, onProgress }: SendOptions,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const xhr = new XMLHttpRequest()
    const where = `${request.method} ${new URL(request.url).host}`

    let idleTimer = setTimeout(onIdle, idleTimeoutMs)
    const settle = (): void => {
      clearTimeout(idleTimer)
      signal.removeEventListener('abort', onAbort)
    }
    const fail = (reason: unknown): void => {
      settle()
      reject(reason)
    }
    const live = (): void => {
      clearTimeout(idleTimer)
      idleTimer = setTimeout(onIdle, idleTimeoutMs)
    }
    function onIdle(): void {
      fail(new UploadError('TIMEOUT', `${where} made no progress for ${idleTimeoutMs} ms`))
      xhr.abort()
    }
    function onAbort(): void {
      fail(signal.reason)
      xhr.abort()
    }
    function onLost(): void {
      fail(
        new UploadError(
          'NETWORK',
          `${where} got no answer. The network may be down, or the bucket's CORS rules do not allow this page.`,
        ),
      )
    }

    signal.addEventListener('abort', onAbort, { once: true })
    if (onProgress !== undefined) {
      xhr.upload.addEventListener('progress', (event) => {
        live()
        // A form is larger than its file.
        onProgress(Math.min(event.loaded, body === undefined ? 0 : sizeOf(body)))
      })
    }
    xhr.addEventListener('progress', live)
    xhr.addEventListener('error', onLost)
    // Safari reports a connection that it dropped itself as an abort. After our own abort this comes too late.
    xhr.addEventListener('abort', onLost)
    xhr.addEventListener('load', () => {
      settle()
      resolve({
        status: xhr.status,
        headers: parseHeaders(xhr.getAllResponseHeaders()),
        body: xhr.responseText,
      })
    })

    xhr.open(request.method, request.url)
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value)
    // Firefox would parse an empty answer without a type as XML, and log an error about it.
    xhr.overrideMimeType('text/plain')
    xhr.send(request.form === undefined ? (body ?? null) : toForm(request.form, body))
  })
}

/**
 * All headers at once: asking for a single one that is not exposed makes Chromium log "Refused to get unsafe
 * header".
 */
function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return headers
}
