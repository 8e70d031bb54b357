import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { ListedPart } from '../oss/answers.ts'
import { unquote } from '../oss/operations.ts'
import { partAt } from '../plan/layout.ts'
import type { Layout } from '../plan/layout.ts'
import { isServiceError } from '../protocol/errors.ts'
import type { RestartReason } from '../protocol/upload-state.ts'
import { compareParts } from './compare-parts.ts'
import { findCompleted, lostCallback } from './complete.ts'
import type { Completed } from './complete.ts'
import { abortQuietly } from './end-upload.ts'
import { listAllParts } from './list-parts.ts'
import { inOrder, missingParts, objectCrc64, placeOf, reopenMultipart, storedCrc64 } from './multipart.ts'
import type { DonePart, MultipartUpload } from './multipart.ts'
import { UploadGone } from './send-context.ts'
import type { SendContext } from './send-context.ts'

/** What became of an upload that an earlier page left. */
export type Resumed =
  | { readonly kind: 'open'; readonly multipart: MultipartUpload }
  /** Its Complete had happened: the object is there. */
  | { readonly kind: 'completed'; readonly completed: Completed }
  | { readonly kind: 'restart'; readonly reason: RestartReason }

/**
 * Goes on with an upload of an earlier page. The service's list of parts is the truth, the checkpoint a hint; a service
 * that does not allow to list is not asked, and the checkpoint trusted.
 */
export async function resumeUpload(
  context: SendContext,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<Resumed> {
  const { credentials, request } = context
  const { authorization } = await credentials.current(signal)
  const place = placeOf(authorization)
  const isSame = place.bucket === checkpoint.bucket && place.key === checkpoint.key
  // A form cannot go on with what was sent in parts.
  if (!isSame || authorization.access.kind === 'form')
    return { kind: 'restart', reason: 'destination-changed' }
  const { uploadId, layout, createdAtMs } = checkpoint
  if (isOtherSize(request.partSizeBytes, layout)) {
    await abortQuietly(context, uploadId)
    return { kind: 'restart', reason: 'part-size-changed' }
  }

  const sizeBytes = request.file.size
  const reopen = (done: readonly DonePart[]): MultipartUpload =>
    reopenMultipart({ place, uploadId, sizeBytes, layout, createdAtMs }, done)
  try {
    const listed = await listAllParts(context, uploadId, signal)
    const { confirmed, unproved } = compareParts(checkpoint.done, listed, sizeBytes, layout)
    const adopted = await proveParts(context, unproved, layout, signal)
    return { kind: 'open', multipart: reopen([...confirmed, ...adopted]) }
  } catch (error) {
    if (!isServiceError(error)) throw error
    if (error.serviceCode === 'NoSuchUpload')
      return afterTheEnd(context, reopen(checkpoint.done), error, signal)
    if (error.status === 403) return { kind: 'open', multipart: reopen(checkpoint.done) }
    throw error
  }
}

/** Whether the caller forces another part size than the parts have. */
function isOtherSize(forcedBytes: number | undefined, layout: Layout): boolean {
  return forcedBytes !== undefined && layout.some(({ sizeBytes }) => sizeBytes !== forcedBytes)
}

/** The upload is gone: completed, if all parts had been confirmed and the object has the file's CRC-64. */
async function afterTheEnd(
  context: SendContext,
  known: MultipartUpload,
  error: Error,
  signal: AbortSignal,
): Promise<Resumed> {
  if (missingParts(known).length > 0) return { kind: 'restart', reason: 'upload-gone' }
  const crc64 = objectCrc64(known)
  try {
    const response = await findCompleted(context, known, error, signal)
    const crc64Verified =
      storedCrc64(response) !== undefined || inOrder(known).every(({ verified }) => verified)
    const callback = lostCallback(context)
    return { kind: 'completed', completed: { place: known.place, response, crc64, crc64Verified, callback } }
  } catch (reason) {
    if (reason instanceof UploadGone) return { kind: 'restart', reason: 'upload-gone' }
    throw reason
  }
}

/**
 * Takes over parts that the service has and nobody wrote down, if they are the file's bytes; the others are sent again.
 * The service's CRC-64 tells, or the ETag where it gives none.
 */
async function proveParts(
  { request, ports }: SendContext,
  parts: readonly ListedPart[],
  layout: Layout,
  signal: AbortSignal,
): Promise<readonly DonePart[]> {
  const { file } = request
  const proved = await Promise.all(
    parts.map(async ({ partNumber, sizeBytes, crc64, etag: quotedEtag }) => {
      const { start, end } = partAt(layout, partNumber, file.size)
      const bytes = file.slice(start, end)
      const etag = unquote(quotedEtag)
      const hasEtag = async (): Promise<boolean> =>
        isMd5(etag) && (await ports.md5Blob(bytes, signal)) === etag.toLowerCase()
      if (crc64 === undefined && !(await hasEtag())) return []
      const own = (await ports.hashBlob(bytes, signal)).toString()
      if (crc64 !== undefined && own !== crc64) return []
      return [{ partNumber, sizeBytes, crc64: own, etag, verified: crc64 !== undefined }]
    }),
  )
  return proved.flat()
}

/** The ETag of a part is the MD5 of its bytes, unless the service encrypts them or has them from elsewhere. */
function isMd5(etag: string): boolean {
  return /^[0-9a-f]{32}$/i.test(etag)
}
