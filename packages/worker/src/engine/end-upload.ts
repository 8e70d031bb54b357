import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { DestinationMoved, MediaGone, RefreshFailed } from '../credentials/credential-source.ts'
import { abortMultipartUpload } from '../oss/operations.ts'
import { planUpload } from '../plan/plan-parts.ts'
import { isServiceError, isUploadError, UploadError } from '../protocol/errors.ts'
import { toUploadError } from '../protocol/wire-error.ts'
import { tryClaimFile } from './claim-file.ts'
import { openMultipart } from './multipart.ts'
import { NEVER, PartsGone, UploadGone } from './send-context.ts'
import type { SendContext } from './send-context.ts'
import { startCredentials } from './start-credentials.ts'

/**
 * Takes off the service what a canceled upload has there, also what an earlier page left of it and this one has not
 * gone on with yet. What another tab is uploading is left alone.
 */
export async function cancelOnService(context: SendContext): Promise<void> {
  if (context.memory.multipart === undefined) await adoptLeftover(context)
  await abortOnService(context)
}

async function adoptLeftover(context: SendContext): Promise<void> {
  const { request, memory, credentials } = context
  // A file that cannot be read has no leftover that could be found by it.
  const checkpoint = await findLeftover(context).catch(() => undefined)
  if (checkpoint === undefined) return
  const { bucket, key, mediaId, uploadId, partSizeBytes, createdAtMs } = checkpoint
  try {
    await startCredentials(context, 'resume', mediaId, NEVER)
    const { authorization } = await credentials.current(NEVER)
    const { destination } = authorization
    if (destination.bucket !== bucket || destination.key !== key) {
      throw new UploadError('DESTINATION_CHANGED', `What was sent to ${bucket}/${key} is left there.`)
    }
  } catch (error) {
    // It is not wanted any more, whatever can be done about it on the service.
    await forgetUpload(context)
    if (error instanceof MediaGone) return
    throw error
  }
  const place = { bucket, key, mediaId }
  memory.multipart = openMultipart({
    place,
    uploadId,
    partSizeBytes,
    createdAtMs,
    sizeBytes: request.file.size,
  })
}

async function findLeftover(context: SendContext): Promise<Checkpoint | undefined> {
  const { request, memory, checkpoints } = context
  const isInParts = planUpload(request.file.size, request.partSizeBytes).kind === 'multipart'
  if (!isInParts || !(await tryClaimFile(context))) return undefined
  return memory.fingerprint && checkpoints.find(memory.fingerprint)
}

/** Takes an upload in parts off the service and forgets its checkpoint. Gone already is what was wanted. */
export async function abortOnService(context: SendContext): Promise<void> {
  const { client, memory, settings } = context
  if (memory.multipart === undefined) return
  const { uploadId } = memory.multipart
  const options = { what: 'AbortMultipartUpload', signal: NEVER, idleTimeoutMs: settings.requestTimeoutMs }
  await client
    .call((key) => abortMultipartUpload(key, uploadId), undefined, options)
    .catch((error: unknown) => {
      if (!isServiceError(error) || error.status !== 404) throw error
    })
  await forgetUpload(context)
}

/** Forgets the checkpoint: there is nothing to go on with any more. */
export async function forgetUpload({ memory, checkpoints }: SendContext): Promise<void> {
  memory.multipart = undefined
  if (memory.fingerprint !== undefined) await checkpoints.drop(memory.fingerprint)
}

/**
 * Whether what the service has of a failed upload can be of use when the same file is uploaded again. Not when the file
 * or what was stored of it is wrong.
 */
export function isWorthResuming({ code }: UploadError): boolean {
  return code !== 'FILE_CHANGED' && code !== 'CHECKSUM_MISMATCH' && code !== 'UNEXPECTED'
}

/** The error to tell, of whatever a run ended with. */
export function toFinalError(error: unknown): UploadError {
  if ((error instanceof UploadGone || error instanceof PartsGone) && isUploadError(error.cause))
    return error.cause
  if (error instanceof RefreshFailed) return error.cause
  if (error instanceof DestinationMoved) return new UploadError('DESTINATION_CHANGED', error.message)
  return toUploadError(error)
}
