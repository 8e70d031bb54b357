import { loadPart } from '../load-part.ts'
import type { OssRequest } from '../oss/oss-request.ts'
import { signerFor } from '../oss/sign/signer-for.ts'
import type { EngineSettings } from '../protocol/engine-api.ts'
import { createCredentialSource } from './credential-source.ts'
import type { CredentialSource, CredentialSourceOptions } from './credential-source.ts'
import type { PresignedSourceOptions } from './presigned-source.ts'

/** What the credentials of an upload need of it, whichever way it is authorized. */
export interface SourceOptions
  extends
    Omit<CredentialSourceOptions, 'createSigner' | 'refreshLeadMs'>,
    Pick<PresignedSourceOptions, 'askSignatures'> {
  /** Requests that will be sent after this one, at most so many. */
  readonly ahead: (request: OssRequest, count: number) => readonly OssRequest[]
}

export type CreateSource = (options: SourceOptions) => CredentialSource

/**
 * Loads what the application's way to authorize needs.
 *
 * @throws {UploadError} `WORKER_FAILED`
 */
export async function loadCreateSource({
  authorization,
  signatureVersion,
  refreshLeadMs,
}: EngineSettings): Promise<CreateSource> {
  if (authorization.kind === 'credentials') {
    const createSigner = signerFor(signatureVersion)
    return (options) => createCredentialSource({ ...options, createSigner, refreshLeadMs })
  }
  const { createPresignedSource } = await loadPart('signatures', () => import('./presigned-source.ts'))
  const ahead = authorization.atATime - 1
  return (options) =>
    createPresignedSource({
      ...options,
      askDestination: options.ask,
      ahead: (request) => options.ahead(request, ahead),
    })
}
