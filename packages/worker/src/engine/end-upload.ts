import { within } from '../clock/wait.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { RefreshFailed } from '../credentials/ask-again.ts'
import { DestinationMoved, MediaGone } from '../credentials/credential-source.ts'
import { abortMultipartUpload } from '../oss/operations.ts'
import { planUpload } from '../plan/plan-parts.ts'
import { isServiceError, isUploadError, UploadError } from '../protocol/errors.ts'
import { toUploadError } from '../protocol/wire-error.ts'
import { tryClaimFile, tryLock } from './claim-file.ts'
import { openMultipart } from './multipart.ts'
import { PartsGone, UploadGone } from './send-context.ts'
import type { SendContext } from './send-context.ts'

/**
 * Takes off the service what a canceled upload has there, also what an earlier page left of it and this one has not
 * gone on with yet. What another tab is uploading is left alone.
 */
export async function cancelOnService(context: SendContext): Promise<void> {
  await inTime(context, async (signal) => {
    if (context.memory.multipart === undefined) {
      // A file that cannot be read has no leftover that could be found by it.
      const checkpoint = await findLeftover(context).catch(() => undefined)
      if (checkpoint !== undefined) await adopt(context, checkpoint, signal)
    }
    await abort(context, signal)
  })
}

/**
 * Takes off the service what an earlier page left there, and forgets it, without its file.
 *
 * @throws {UploadError} `IN_USE` when a page is going on with it
 * @throws {UploadError} when it could not be taken off the service; it is forgotten then as well if credentials were refused
 */
export async function discardOnService(context: SendContext, checkpoint: Checkpoint): Promise<void> {
  const { memory, credentials, request } = context
  memory.fingerprint = checkpoint.fingerprint
  if (!(await tryLock(context, checkpoint.fingerprint)))
    throw new UploadError('IN_USE', `"${request.name}" is being uploaded by another page.`)
  try {
    await inTime(context, async (signal) => {
      await adopt(context, checkpoint, signal)
      await abort(context, signal)
    })
  } finally {
    credentials.stop()
    memory.unlock?.()
  }
}

/** Takes an upload in parts off the service and forgets its checkpoint. */
export async function abortOnService(context: SendContext): Promise<void> {
  await inTime(context, (signal) => abort(context, signal))
}

/** Somebody waits: it takes no longer than one request may, however many it needs and whoever does not answer. */
function inTime<T>(
  { ports, settings, request }: SendContext,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = (): UploadError =>
    new UploadError(
      'TIMEOUT',
      `What was sent of "${request.name}" could not be taken off the service in time.`,
    )
  return within(ports.clock, settings.requestTimeoutMs, late, run)
}

/** Makes what an earlier page left this upload's own, to be taken off the service. */
async function adopt(context: SendContext, checkpoint: Checkpoint, signal: AbortSignal): Promise<void> {
  const { memory, credentials } = context
  const { bucket, key, mediaId, uploadId, layout, createdAtMs } = checkpoint
  try {
    if (!memory.isGranted) await credentials.start('resume', mediaId, signal)
    memory.isGranted = true
    const { authorization } = await credentials.current(signal)
    const { destination, access } = authorization
    const isOther = destination.bucket !== bucket || destination.key !== key
    // A form takes nothing away.
    if (isOther || access.kind === 'form') {
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
    layout,
    createdAtMs,
    sizeBytes: checkpoint.fingerprint.sizeBytes,
  })
}

async function findLeftover(context: SendContext): Promise<Checkpoint | undefined> {
  const { request, memory, checkpoints } = context
  const isInParts = planUpload(request.file.size, request.partSizeBytes).kind === 'multipart'
  if (!isInParts || !(await tryClaimFile(context))) return undefined
  return memory.fingerprint && checkpoints.find(memory.fingerprint)
}

async function abort(context: SendContext, signal: AbortSignal): Promise<void> {
  const { multipart } = context.memory
  if (multipart === undefined) return
  await abortUpload(context, multipart.uploadId, signal)
  await forgetUpload(context)
}

/** What cannot be aborted is purged by the service in time, and nothing depends on it. */
export async function abortQuietly(context: SendContext, uploadId: string): Promise<void> {
  await inTime(context, (signal) => abortUpload(context, uploadId, signal)).catch(() => undefined)
}

/** Gone already is what was wanted. */
async function abortUpload({ client }: SendContext, uploadId: string, signal: AbortSignal): Promise<void> {
  const options = { what: 'AbortMultipartUpload', kind: 'cleanup', signal } as const
  await client
    .call(
      (key) => abortMultipartUpload(key, uploadId),
      undefined,
      options,
      () => undefined,
    )
    .catch((error: unknown) => {
      if (!isServiceError(error) || error.status !== 404) throw error
    })
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
