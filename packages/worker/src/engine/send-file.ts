import { readInitiate } from '../oss/answers.ts'
import { initiateMultipartUpload, putObject } from '../oss/operations.ts'
import { planUpload } from '../plan/plan-parts.ts'
import { UploadError } from '../protocol/errors.ts'
import type { UploadResult } from '../protocol/upload-state.ts'
import { complete, fillHidden } from './complete.ts'
import type { Completed } from './complete.ts'
import { storedCrc64, storedEtag, verifyCrc64 } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import { NEVER } from './send-context.ts'
import type { Connection, SendContext } from './send-context.ts'
import { sendParts } from './send-parts.ts'

/**
 * Sends one file, from the first look at it to the object on the service.
 *
 * Aborting stops at once what can be repeated. Opening and completing an upload are never cut off: their answers
 * tell what has to be cleaned up, or that it is too late for that.
 *
 * @throws {UploadError}
 * @throws `signal.reason` when aborted
 */
export async function sendFile(context: SendContext, signal: AbortSignal): Promise<UploadResult> {
  const { file, name, partSizeBytes } = context.request
  await checkReadable(file, name)
  const plan = planUpload(file.size, partSizeBytes)
  signal.throwIfAborted()
  const connection = await context.connect(signal)
  if (plan.kind === 'single') return sendWhole(context, connection, signal)

  const opened = context.multipart() ?? (await open(context, connection, plan.partSizeBytes))
  context.keep(opened)
  signal.throwIfAborted()
  context.onPhase('send')
  await sendParts(context, connection.client, opened, signal)
  const sent = await fillHidden(context, connection.client, opened, signal)
  signal.throwIfAborted()
  context.onPhase('complete')
  return toResult(context, connection, await complete(context, connection.client, sent))
}

/** A folder looks like a file until it is read. */
async function checkReadable(file: Blob, name: string): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer()
  } catch (error) {
    throw new UploadError(
      'FILE_UNREADABLE',
      `"${name}" cannot be read: it is a folder, was moved or deleted, or the browser may not read it.`,
      { cause: error },
    )
  }
}

async function sendWhole(
  context: SendContext,
  connection: Connection,
  signal: AbortSignal,
): Promise<UploadResult> {
  const { client } = connection
  const { file, contentType } = context.request
  const release = await client.acquirePart(signal)
  try {
    context.onPhase('send')
    const { response, crc64 } = await client.sendBlob(
      putObject(client.destination.key, contentTypeOf(contentType)),
      file.slice(),
      {
        what: 'PutObject',
        signal,
        idleTimeoutMs: context.settings.stallTimeoutMs,
        onProgress: (sentBytes) => context.onInFlight(1, sentBytes),
      },
    )
    const crc64Verified = verifyCrc64('the object', crc64, storedCrc64(response))
    return toResult(context, connection, { response, crc64, crc64Verified })
  } finally {
    release()
  }
}

async function open(
  context: SendContext,
  { client }: Connection,
  partSizeBytes: number,
): Promise<MultipartUpload> {
  const { file, contentType } = context.request
  const request = initiateMultipartUpload(client.destination.key, contentTypeOf(contentType))
  const response = await client.call(request, undefined, {
    what: 'InitiateMultipartUpload',
    signal: NEVER,
    idleTimeoutMs: context.settings.requestTimeoutMs,
  })
  return { uploadId: readInitiate(response), sizeBytes: file.size, partSizeBytes, done: new Map() }
}

function toResult(
  { request }: SendContext,
  { client, mediaId }: Connection,
  { response, crc64, crc64Verified }: Completed,
): UploadResult {
  const { bucket, key } = client.destination
  const sizeBytes = request.file.size
  return { mediaId, bucket, key, sizeBytes, crc64, crc64Verified, etag: storedEtag(response) }
}

function contentTypeOf(contentType: string | undefined): string {
  return contentType === undefined || contentType === '' ? 'application/octet-stream' : contentType
}
