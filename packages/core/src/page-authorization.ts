import { settle, UploadError } from '@sluice/worker/protocol'
import type { LocalId, PageApi } from '@sluice/worker/protocol'
import type { AuthorizationContext } from './authorization-options.ts'
import type { PageSettings } from './read-options.ts'

/** The file that the application is asked about. */
export type AskedFile = Pick<AuthorizationContext, 'file' | 'name'>

/** What the page answers by asking the application. */
export type ApplicationApi = Pick<PageApi, 'getCredentials' | 'signRequests' | 'abortCredentials'>

/**
 * Calls the application's functions with a time limit; whatever they do wrong becomes `CREDENTIALS_FAILED`.
 *
 * @param fileOf finds the file of an upload
 */
export function createPageAuthorization(
  { authorization, credentialsTimeoutMs }: Pick<PageSettings, 'authorization' | 'credentialsTimeoutMs'>,
  fileOf: (localId: LocalId) => AskedFile,
): ApplicationApi {
  const asking = new Map<AbortController, LocalId>()

  const ask = async (
    what: string,
    localId: LocalId,
    call: (context: AskedFile & Pick<AuthorizationContext, 'signal'>) => Promise<unknown>,
  ): Promise<unknown> => {
    const file = fileOf(localId)
    const controller = new AbortController()
    const { signal } = controller
    asking.set(controller, localId)
    const timer = setTimeout(() => {
      controller.abort(new Error(`${what} did not answer within ${credentialsTimeoutMs} ms`))
    }, credentialsTimeoutMs)
    try {
      return toPlain(what, await Promise.race([call({ ...file, signal }), rejectOnAbort(signal)]))
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      throw new UploadError('CREDENTIALS_FAILED', `${what} failed for "${file.name}": ${words}`, {
        cause: error,
      })
    } finally {
      clearTimeout(timer)
      asking.delete(controller)
    }
  }

  return {
    getCredentials: ({ localId, reason, mediaId }) =>
      settle(() => {
        if (authorization.kind === 'credentials') {
          const { getCredentials } = authorization
          return ask('getCredentials', localId, (context) => getCredentials({ reason, mediaId, ...context }))
        }
        if (reason === 'refresh') throw new Error('A destination is not refreshed')
        const { getDestination } = authorization
        return ask('getDestination', localId, (context) => getDestination({ reason, mediaId, ...context }))
      }),
    signRequests: ({ localId, mediaId, requests }) =>
      settle(() => {
        if (authorization.kind === 'credentials') throw new Error('There is no way to sign')
        const { signsBy, signRequests } = authorization
        return ask(signsBy, localId, (context) => signRequests({ requests, mediaId, ...context }))
      }),
    abortCredentials(localId) {
      for (const [controller, owner] of asking)
        if (owner === localId) controller.abort(new Error('The upload was stopped'))
    },
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** What cannot be posted to the engine, such as a `Response`, is refused here, where it can be said why. */
function toPlain(what: string, answer: unknown): unknown {
  try {
    return structuredClone(answer)
  } catch (error) {
    throw new Error(`${what} must answer with plain JSON (did you forget ".json()"?)`, { cause: error })
  }
}
