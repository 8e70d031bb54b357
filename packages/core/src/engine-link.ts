import { spawnWorker } from '@sluice/worker/spawn'
import { PROTOCOL_VERSION, toWireError, UploadError, watchHeartbeat } from '@sluice/worker/protocol'
import type { ConnectMessage, EngineApi, EngineEvent, EngineSettings, PageApi } from '@sluice/worker/protocol'
import type { EngineLinks } from '@sluice/worker/engine'
import { expose, transfer, wrap } from 'comlink'
import type { Remote } from 'comlink'
import type { ApplicationApi } from './page-authorization.ts'
import type { PageSettings } from './read-options.ts'

/** The page's link to its engine. */
export interface EngineLink {
  /**
   * Calls the engine as soon as it is ready.
   *
   * @throws {UploadError} `WORKER_FAILED` or `WORKER_CRASHED` when no answer can come any more: Comlink itself would
   *   wait for ever
   */
  call<T>(command: (engine: Remote<EngineApi>) => Promise<T>): Promise<T>
  /** Ends all workers. */
  close(): void
}

export interface EngineLinkOptions {
  readonly page: Pick<PageSettings, 'worker' | 'workerTimeoutMs'>
  readonly engine: EngineSettings
  readonly authorization: ApplicationApi
  readonly onEvent: (event: Exclude<EngineEvent, { readonly type: 'ready' }>) => void
  /** The engine failed to start or died. Called once; nothing comes from it any more. */
  readonly onLost: (error: UploadError) => void
}

/** Starts worker 0 with the engine in it; the workers of its pool are started when it asks for them. */
export function openEngineLink(options: EngineLinkOptions): EngineLink {
  const { page, engine: settings, authorization, onEvent, onLost } = options
  /** By number; the engine's is 0. */
  const workers = new Map<number, Worker>()
  const commands = new MessageChannel()
  const pagePort = new MessageChannel()
  const events = new MessageChannel()
  const ports = [commands.port1, pagePort.port1, events.port1]
  const engine = wrap<EngineApi>(commands.port1)
  let stopWatching = (): void => undefined
  let isReady = false
  let isOpen = true

  let setReady: () => void
  const ready = new Promise<void>((resolve) => {
    setReady = resolve
  })
  let setLost: (error: UploadError) => void
  const lost = new Promise<never>((_, reject) => {
    setLost = reject
  })
  lost.catch(() => undefined)
  const close = (): void => {
    isOpen = false
    setLost(new UploadError('CLOSED', 'The uploader was closed.'))
    clearTimeout(timer)
    stopWatching()
    for (const port of ports) port.close()
    for (const worker of workers.values()) worker.terminate()
  }
  const endWorker = (workerId: number): void => {
    workers.get(workerId)?.terminate()
    workers.delete(workerId)
  }
  const lose = (error: UploadError): void => {
    if (!isOpen) return
    // Before close() says something less telling.
    setLost(error)
    close()
    onLost(error)
  }
  const failToStart = (error: unknown): void => {
    lose(workerFailed(error instanceof Error ? error.message : String(error), error))
  }
  const timer = setTimeout(() => {
    lose(workerFailed(`it did not answer within ${page.workerTimeoutMs} ms`))
  }, page.workerTimeoutMs)

  const startWorker = (
    workerId: number,
    message: ConnectMessage,
    transferred: Transferable[],
    onError: (words: string) => void,
  ): void => {
    const worker = createWorker(page)
    workers.set(workerId, worker)
    worker.addEventListener('error', (event) => {
      // Without a message the script itself did not load.
      onError(event.message || 'the script did not load')
    })
    worker.addEventListener('messageerror', () => onError('a message could not be read'))
    worker.postMessage(message, transferred)
  }

  let lastWorkerId = 0
  expose(
    {
      ...authorization,
      addPartWorker() {
        lastWorkerId += 1
        const workerId = lastWorkerId
        const { port1, port2 } = new MessageChannel()
        startWorker(workerId, { type: 'sluice:part-uploader', port: port2 }, [port2], (words) => {
          endWorker(workerId)
          const error = new UploadError('WORKER_CRASHED', `A worker of the pool stopped: ${words}`)
          void engine.partWorkerLost(workerId, toWireError(error))
        })
        return transfer({ workerId, port: port1 }, [port1])
      },
      endPartWorker: endWorker,
    } satisfies PageApi,
    pagePort.port1,
  )

  const onReady = (protocolVersion: number): void => {
    if (protocolVersion !== PROTOCOL_VERSION) {
      return lose(workerFailed('its version differs from the page: serve both from the same release'))
    }
    isReady = true
    clearTimeout(timer)
    stopWatching = watchHeartbeat({
      ping: () => engine.ping(),
      clock: pageClock,
      silenceTimeoutMs: settings.silenceTimeoutMs,
      onSilent: () => lose(new UploadError('WORKER_CRASHED', 'The upload worker does not answer any more')),
    })
    setReady()
  }
  events.port1.addEventListener('message', ({ data }: MessageEvent<readonly EngineEvent[]>) => {
    for (const event of data) {
      if (event.type === 'ready') onReady(event.protocolVersion)
      else onEvent(event)
    }
  })
  events.port1.start()

  const link: EngineLink = {
    call: (command) => Promise.race([ready.then(() => command(engine)), lost]),
    close,
  }
  try {
    const links = { settings, commands: commands.port2, page: pagePort.port2, events: events.port2 }
    if (page.worker.kind !== 'factory' && typeof Worker === 'undefined') {
      serveInPage(links).catch(failToStart)
      return link
    }
    startWorker(
      0,
      { type: 'sluice:engine', ...links },
      [links.commands, links.page, links.events],
      (words) => {
        lose(
          isReady
            ? new UploadError('WORKER_CRASHED', `The upload worker stopped: ${words}`)
            : workerFailed(words),
        )
      },
    )
  } catch (error) {
    // Not before the caller has this link in hands.
    queueMicrotask(() => failToStart(error))
  }
  return link
}

/** A page without workers runs the engine itself: slower for the page, but it uploads. */
async function serveInPage(links: EngineLinks): Promise<void> {
  const { serveEngine } = await import('@sluice/worker/engine')
  await serveEngine({ ...links, settings: { ...links.settings, maxWorkers: 1 } })
}

const pageClock = {
  after: (delayMs: number, callback: () => void) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

function createWorker({ worker }: Pick<PageSettings, 'worker'>): Worker {
  switch (worker.kind) {
    case 'default':
      return spawnWorker()
    case 'url':
      return new Worker(worker.url, { type: 'module', name: 'sluice' })
    case 'factory':
      return worker.create()
  }
}

function workerFailed(words: string, cause?: unknown): UploadError {
  return new UploadError(
    'WORKER_FAILED',
    `The upload worker did not start: ${words}. Serve the worker script from the page's own origin, name it by ` +
      "workerUrl, and see that the CSP allows it (worker-src 'self').",
    { cause },
  )
}
