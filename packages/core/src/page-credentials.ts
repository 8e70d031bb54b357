import { settle, UploadError } from '@sluice/worker/protocol'
import type { CredentialsRequest, LocalId, Settled } from '@sluice/worker/protocol'
import type { PageSettings } from './options.ts'

/** The page's side of asking for credentials. */
export interface PageCredentials {
  get(request: CredentialsRequest, file: Blob, name: string): Promise<Settled<unknown>>
  abort(localId: LocalId): void
}

/** Calls the application's `getCredentials` with a time limit; whatever it does wrong becomes `CREDENTIALS_FAILED`. */
export function createPageCredentials({
  getCredentials,
  credentialsTimeoutMs,
}: Pick<PageSettings, 'getCredentials' | 'credentialsTimeoutMs'>): PageCredentials {
  const controllers = new Map<LocalId, AbortController>()

  const ask = async (
    { localId, reason, mediaId }: CredentialsRequest,
    file: Blob,
    name: string,
  ): Promise<unknown> => {
    const controller = new AbortController()
    controllers.set(localId, controller)
    const timer = setTimeout(() => {
      controller.abort(new Error(`getCredentials did not answer within ${credentialsTimeoutMs} ms`))
    }, credentialsTimeoutMs)
    try {
      const { signal } = controller
      const answer = await Promise.race([
        getCredentials({ reason, file, name, mediaId, signal }),
        rejectOnAbort(signal),
      ])
      return toPlain(answer)
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      throw new UploadError('CREDENTIALS_FAILED', `No credentials for "${name}": ${words}`, { cause: error })
    } finally {
      clearTimeout(timer)
      controllers.delete(localId)
    }
  }

  return {
    get: (request, file, name) => settle(() => ask(request, file, name)),
    abort: (localId) => controllers.get(localId)?.abort(new Error('The upload was stopped')),
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** What cannot be posted to the engine, such as a `Response`, is refused here, where it can be said why. */
function toPlain(answer: unknown): unknown {
  try {
    return structuredClone(answer)
  } catch (error) {
    throw new Error('getCredentials must answer with plain JSON (did you forget ".json()"?)', {
      cause: error,
    })
  }
}
