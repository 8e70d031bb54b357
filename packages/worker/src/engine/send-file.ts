import { DestinationMoved, MediaGone } from '../credentials/credential-source.ts'
import { readInitiate } from '../oss/answers.ts'
import { initiateMultipartUpload } from '../oss/operations.ts'
import { evenLayout } from '../plan/layout.ts'
import { planUpload } from '../plan/plan-parts.ts'
import { UploadError } from '../protocol/errors.ts'
import type { RestartReason, UploadResult } from '../protocol/upload-state.ts'
import { claimFile, openWhole } from './claim-file.ts'
import { complete, fillHidden } from './complete.ts'
import type { Completed } from './complete.ts'
import { forgetUpload } from './end-upload.ts'
import { listOpenParts } from './list-parts.ts'
import { fillFromList, openMultipart, placeOf, storedCrc64, storedEtag } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import { resumeUpload } from './resume-upload.ts'
import type { Resumed } from './resume-upload.ts'
import { PartsGone, UploadGone } from './send-context.ts'
import type { SendContext } from './send-context.ts'
import { sendParts } from './send-parts.ts'
import { isForm, sendForm } from './send-form.ts'
import { sendWhole } from './send-whole.ts'
import { startCredentials, startNew } from './start-credentials.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

/** How often an upload may begin anew by itself: a service that forgets it again and again will not keep it. */
const MAX_RESTARTS = 3

/**
 * Sends one file, from the first look at it to the object on the service.
 *
 * Aborting stops at once what can be repeated. Opening and completing an upload are never cut off: their answers
 * tell what has to be cleaned up, or that it is too late for that.
 *
 * @throws {UploadError}
 * @throws {RefreshFailed} when it has to wait for credentials
 * @throws `signal.reason` when aborted
 */
export async function sendFile(context: SendContext, signal: AbortSignal): Promise<UploadResult> {
  const send = await prepare(context, signal)
  for (let restarts = 0; ; restarts++) {
    try {
      signal.throwIfAborted()
      return toResult(context, await send())
    } catch (error) {
      const reason = restartReason(error)
      if (reason === undefined || restarts === MAX_RESTARTS) throw error
      context.onRestart(await dropLost(context, reason, signal))
    }
  }
}

/** Looks at the file. Answers what sends it, from the beginning of what is missing. */
async function prepare(context: SendContext, signal: AbortSignal): Promise<() => Promise<Completed>> {
  const { file, partSizeBytes } = context.request
  const plan = planUpload(file.size, partSizeBytes)
  if (plan.kind === 'single') {
    const body = await openWhole(context, signal)
    return () => sendWhole(context, body, signal)
  }
  await claimFile(context, signal)
  return () => sendInParts(context, plan.partSizeBytes, signal)
}

function restartReason(error: unknown): RestartReason | undefined {
  if (error instanceof UploadGone) return 'upload-gone'
  if (error instanceof DestinationMoved) return 'destination-changed'
  return error instanceof PartsGone ? 'parts-gone' : undefined
}

/** Forgets what is gone. With the service's list what is still there can be told from that; it may be nothing. */
async function dropLost(
  context: SendContext,
  reason: RestartReason,
  signal: AbortSignal,
): Promise<RestartReason> {
  const { multipart } = context.memory
  if (reason === 'parts-gone' && multipart !== undefined) {
    try {
      fillFromList(multipart, await listOpenParts(context, multipart.uploadId, signal))
      return reason
    } catch (error) {
      if (!(error instanceof UploadGone)) throw error
    }
  }
  await forgetUpload(context)
  return reason === 'parts-gone' ? 'upload-gone' : reason
}

async function sendInParts(
  context: SendContext,
  plannedPartSizeBytes: number,
  signal: AbortSignal,
): Promise<Completed> {
  const { memory } = context
  if (memory.multipart === undefined) {
    const completed = await resumeOrOpen(context, plannedPartSizeBytes, signal)
    if (completed !== undefined) return completed
  }
  const { multipart } = memory
  if (multipart === undefined) throw new Error('The upload was not opened')
  signal.throwIfAborted()
  context.onPhase('send')
  await sendParts(context, multipart, signal)
  if (!(await fillHidden(context, multipart, signal)))
    throw new PartsGone('The service lacks parts', { cause: lacksParts() })
  signal.throwIfAborted()
  context.onPhase('complete')
  return complete(context, multipart, signal)
}

/** Continues what an earlier page left, or opens a new upload. Answers what is there when all had been done. */
async function resumeOrOpen(
  context: SendContext,
  plannedPartSizeBytes: number,
  signal: AbortSignal,
): Promise<Completed | undefined> {
  const { memory, checkpoints } = context
  const checkpoint = memory.fingerprint && (await checkpoints.find(memory.fingerprint))
  if (checkpoint !== undefined) {
    const resumed = await startCredentials(context, 'resume', checkpoint.mediaId, signal).then(
      () => resumeUpload(context, checkpoint, signal),
      (error: unknown): Resumed => {
        if (error instanceof MediaGone) return { kind: 'restart', reason: 'upload-gone' }
        throw error
      },
    )
    if (resumed.kind === 'completed') return resumed.completed
    if (resumed.kind === 'open') {
      memory.multipart = resumed.multipart
      const isLost = checkpoint.done.some(({ partNumber }) => !resumed.multipart.done.has(partNumber))
      if (isLost) context.onRestart('parts-gone')
      return undefined
    }
    context.onRestart(resumed.reason)
  }
  await startNew(context, signal)
  if (await isForm(context, signal)) {
    return sendForm(context, context.ports.bodies.make(context.request.file, signal), signal)
  }
  memory.multipart = await open(context, plannedPartSizeBytes, signal)
  await writeCheckpoint(context, memory.multipart)
  return undefined
}

async function open(
  { client, request, ports }: SendContext,
  partSizeBytes: number,
  signal: AbortSignal,
): Promise<MultipartUpload> {
  return client.call(
    (key) => initiateMultipartUpload(key, request.objectHeaders),
    undefined,
    { what: 'InitiateMultipartUpload', kind: 'open', signal },
    ({ response, authorization }) =>
      openMultipart({
        place: placeOf(authorization),
        uploadId: readInitiate(response),
        sizeBytes: request.file.size,
        layout: evenLayout(partSizeBytes),
        createdAtMs: ports.clock.now(),
      }),
  )
}

function toResult(
  { request }: SendContext,
  { place, response, crc64, crc64Verified, callback }: Completed,
): UploadResult {
  return {
    ...place,
    sizeBytes: request.file.size,
    crc64: crc64 ?? storedCrc64(response),
    crc64Verified,
    etag: storedEtag(response),
    callback,
  }
}

/** What there is to tell when parts are lost or damaged again and again. */
function lacksParts(): UploadError {
  return new UploadError(
    'CHECKSUM_MISMATCH',
    'The service lost parts that it had confirmed, or stored other bytes, each time that they were sent.',
  )
}
