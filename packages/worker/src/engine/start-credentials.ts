import { MediaGone } from '../credentials/credential-source.ts'
import { isUploadError } from '../protocol/errors.ts'
import type { SendContext } from './send-context.ts'

/**
 * Credentials are asked for once in the life of an upload. Where the application cannot be asked since the browser has no
 * network, they are asked for again when it is back.
 */
export async function startCredentials(
  { memory, credentials, network, activity }: SendContext,
  reason: 'create' | 'resume',
  mediaId: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  while (!memory.isGranted) {
    try {
      await credentials.start(reason, mediaId, signal)
      memory.isGranted = true
    } catch (error) {
      signal.throwIfAborted()
      if (!isUploadError(error) || error.code !== 'CREDENTIALS_FAILED') throw error
      const isOutage = await activity.track('checking', () => network.outlast(undefined, signal))
      if (!isOutage) throw error
    }
  }
}

/** Credentials for a file of which the service has nothing yet; for its media, if an engine that died had got one. */
export async function startNew(context: SendContext, signal: AbortSignal): Promise<void> {
  const { mediaId } = context.request
  if (mediaId !== undefined) {
    const isGone = await startCredentials(context, 'resume', mediaId, signal).then(
      () => false,
      (error: unknown) => {
        if (error instanceof MediaGone) return true
        throw error
      },
    )
    if (!isGone) return
  }
  await startCredentials(context, 'create', undefined, signal)
}
