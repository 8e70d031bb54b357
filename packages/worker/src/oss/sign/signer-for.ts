import { loadPart } from '../../load-part.ts'
import type { EngineSettings } from '../../protocol/engine-api.ts'
import type { Credentials, Signer } from './signer.ts'
import { createV4Signer } from './v4.ts'

/** @param date of the first request, as far as it is known */
export type CreateSigner = (credentials: Credentials, region: string, date: Date) => Promise<Signer>

/** How to make signers of a version of the signature. */
export function signerFor(version: EngineSettings['signatureVersion']): CreateSigner {
  if (version === 'v4') return createV4Signer
  return async (credentials) => {
    const { createV1Signer } = await loadPart('signature V1', () => import('./v1.ts'))
    return createV1Signer(credentials)
  }
}
