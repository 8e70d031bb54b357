/** The worker script, for tests: it tells when it sends, and can be told to block, to hang, to throw, or to vanish. */
import '@sluice/worker/entry'

export type Death = 'hang' | 'throw' | 'close'

self.addEventListener(
  'message',
  ({ data }: MessageEvent<{ readonly die?: Death; readonly blockMs?: number }>) => {
    const untilMs = performance.now() + (data.blockMs ?? 0)
    while (performance.now() < untilMs);
    switch (data.die) {
      case 'hang':
        for (;;);
      case 'throw':
        setTimeout(() => {
          throw new Error('told to crash')
        })
        break
      // The browser ends a worker that runs out of memory like this: nobody is told.
      case 'close':
        self.close()
        break
      case undefined:
    }
  },
)

self.XMLHttpRequest = class extends XMLHttpRequest {
  override send(body?: Document | XMLHttpRequestBodyInit | null): void {
    self.postMessage('sending')
    super.send(body)
  }
}
