/** The worker script, for tests: it tells of what each body is that it sends. */
import '@sluice/worker/entry'

self.XMLHttpRequest = class extends XMLHttpRequest {
  override send(body?: Document | XMLHttpRequestBodyInit | null): void {
    if (body) self.postMessage(body.constructor.name)
    super.send(body)
  }
}
