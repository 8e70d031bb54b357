import { untilAborted } from '../clock/wait.ts'
import type { CredentialsReason, RequestToSign } from '../protocol/engine-api.ts'
import { MediaGone } from './credential-source.ts'
import type { CredentialSource, Grant } from './credential-source.ts'
import { createPresigner } from './presigner.ts'
import type { Presigner, PresignerOptions } from './presigner.ts'
import { readDestination } from './read-authorization.ts'
import type { Authorization } from './read-authorization.ts'

export interface PresignedSourceOptions extends Omit<PresignerOptions, 'destination' | 'ask'> {
  /** Asks the application where the upload goes. @throws {UploadError} `CREDENTIALS_FAILED` */
  readonly askDestination: (
    reason: CredentialsReason,
    mediaId: string | undefined,
    signal: AbortSignal,
  ) => Promise<unknown>
  /** Asks the application for signatures. @throws {UploadError} `CREDENTIALS_FAILED` */
  readonly askSignatures: (
    requests: readonly RequestToSign[],
    mediaId: string | undefined,
    signal: AbortSignal,
  ) => Promise<unknown>
  readonly onGrant: (authorization: Authorization) => void
}

/** No key is in the browser: the application says where the upload goes, and its server signs each request. */
export function createPresignedSource(options: PresignedSourceOptions): CredentialSource {
  let current: { readonly grant: Grant; readonly presigner: Presigner } | undefined

  const started = (): NonNullable<typeof current> => {
    if (current === undefined) throw new Error('The destination was not asked for')
    return current
  }

  return {
    async start(reason, mediaId, signal) {
      const answer = await untilAborted(options.askDestination(reason, mediaId, signal), signal)
      if (answer === null && reason === 'resume') throw new MediaGone(mediaId)
      const read = readDestination(answer)
      const authorization = { ...read, mediaId: read.mediaId ?? mediaId }
      const presigner = createPresigner({
        ...options,
        destination: authorization.destination,
        ask: (requests, stop) => options.askSignatures(requests, authorization.mediaId, stop),
      })
      current = { presigner, grant: { authorization, sign: presigner.sign } }
      options.onGrant(authorization)
      return current.grant
    },
    current: async () => started().grant,
    async renew() {
      const { presigner, grant } = started()
      presigner.forget()
      return grant
    },
    stop: () => current?.presigner.stop(),
  }
}
