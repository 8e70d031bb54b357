import { NEVER } from '../clock/wait.ts'
import type { HttpResponse } from '../http/http-client.ts'
import { readCallback, readComplete, readHead } from '../oss/answers.ts'
import {
  completeAllParts,
  completeBody,
  completeMultipartUpload,
  hasCallback,
  headObject,
} from '../oss/operations.ts'
import { isServiceError, isUploadError } from '../protocol/errors.ts'
import type { CallbackOutcome } from '../protocol/upload-state.ts'
import { remedyFor } from '../retry/remedy.ts'
import { abortQuietly } from './end-upload.ts'
import { listOpenParts } from './list-parts.ts'
import { fillFromList, inOrder, objectCrc64, storedCrc64, storedEtag, verifyCrc64 } from './multipart.ts'
import type { MultipartUpload, Place } from './multipart.ts'
import { PartsGone, UploadGone } from './send-context.ts'
import type { SendContext } from './send-context.ts'

/**
 * Asks ListParts where answers hid ETag or CRC-64. Where that is forbidden, what is known has to do.
 *
 * @returns whether all is known now; false when the service lacks parts that it had confirmed: they have to be sent again
 */
export async function fillHidden(
  context: SendContext,
  multipart: MultipartUpload,
  signal: AbortSignal,
): Promise<boolean> {
  const isKnown = inOrder(multipart).every(
    ({ etag, crc64, verified }) => etag !== undefined && (verified || crc64 === undefined),
  )
  if (isKnown) return true
  try {
    return fillFromList(multipart, await listOpenParts(context, multipart.uploadId, signal))
  } catch (error) {
    if (isServiceError(error) && error.status === 403) return true
    throw error
  }
}

export interface Completed {
  readonly place: Place
  readonly response: HttpResponse
  /** CRC-64 of the file, unsigned decimal; undefined without a checksum. */
  readonly crc64: string | undefined
  readonly crc64Verified: boolean
  readonly callback: CallbackOutcome | undefined
}

/** What there is to say of a callback whose answer was lost. */
export function lostCallback({ request }: Pick<SendContext, 'request'>): CallbackOutcome | undefined {
  return hasCallback(request.objectHeaders) ? { status: 'unknown' } : undefined
}

/**
 * Has the service put the object together, and compares its CRC-64 with that of the file.
 *
 * @throws {UploadGone} when the service knows neither the upload nor the object
 */
export async function complete(
  context: SendContext,
  multipart: MultipartUpload,
  signal: AbortSignal,
): Promise<Completed> {
  const crc64 = objectCrc64(multipart)
  const parts = inOrder(multipart)
  const tags = parts.flatMap(({ partNumber, etag }) => (etag === undefined ? [] : [{ partNumber, etag }]))
  // Without the ETags the service is told to take the parts it has: all of them were confirmed.
  const hasTags = tags.length === parts.length
  const { objectHeaders } = context.request
  const isCalled = hasCallback(objectHeaders)
  const { response, callback } = await context.client
    .call(
      (key) =>
        hasTags
          ? completeMultipartUpload(key, multipart.uploadId, objectHeaders)
          : completeAllParts(key, multipart.uploadId, objectHeaders),
      hasTags ? completeBody(tags) : undefined,
      { what: 'CompleteMultipartUpload', kind: 'complete', signal },
      (sent) => ({
        response: readComplete(sent.response, isCalled),
        callback: readCallback(sent.response, isCalled),
      }),
    )
    .catch(async (error: unknown) => ({
      response: await findCompleted(context, multipart, error, signal),
      callback: lostCallback(context),
    }))
  const verified = verifyCrc64('the object', crc64, storedCrc64(response))
  const crc64Verified = verified || parts.every((part) => part.verified)
  return { place: multipart.place, response, crc64, crc64Verified, callback }
}

/**
 * Settles a Complete whose answer was lost: the object may be there. `NoSuchUpload` is such a case too, since a
 * browser repeats a request by itself when a reused connection is reset, and the second Complete finds the upload
 * gone. Only an object with the very CRC-64 counts.
 *
 * @throws {UploadGone} when the upload is gone and the object is not there
 * @throws {PartsGone} when the service lacks parts
 */
export async function findCompleted(
  context: SendContext,
  multipart: MultipartUpload,
  error: unknown,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const isGone = isServiceError(error) && error.serviceCode === 'NoSuchUpload'
  if (isServiceError(error) && !isGone) {
    if (remedyFor(error) === 'restart-upload') throw new PartsGone(error.message, { cause: error })
    throw error
  }
  if (!isUploadError(error) && !signal.aborted) throw error
  // Whoever cancels meanwhile waits for the answer, and wants no more than a short look.
  const options = signal.aborted
    ? ({ what: 'HeadObject', kind: 'cleanup', signal: NEVER } as const)
    : ({ what: 'HeadObject', kind: 'query', signal } as const)
  const response = await context.client
    .call(headObject, undefined, options, (sent) => readHead(sent.response))
    .catch((reason: unknown) => {
      // Only the service's own "not there" is an answer to the question; anything else is no answer.
      if (isServiceError(reason) && reason.status === 404) return undefined
      throw reason
    })
  if (response !== undefined && isObjectOf(multipart, response)) {
    // It may be an older object of the same bytes, and the upload still open.
    if (!isGone) await abortQuietly(context, multipart.uploadId)
    return response
  }
  throw isGone ? new UploadGone('The service does not know the upload any more', { cause: error }) : error
}

/** How much later than this machine's the service's clock may be, in milliseconds. (OSS documentation, RequestTimeTooSkewed) */
const MAX_SKEW_MS = 15 * 60_000

/** Whether an object was stored after a moment of this machine's clock, as far as clocks go. */
export function isStoredSince({ headers }: HttpResponse, sinceMs: number): boolean {
  return Date.parse(headers['last-modified'] ?? '') >= sinceMs - MAX_SKEW_MS
}

/**
 * Whether an object is what the parts come to: by its CRC-64, or where the CORS rule hides that, by what an object of just
 * now with as many parts and bytes looks like.
 */
function isObjectOf(multipart: MultipartUpload, response: HttpResponse): boolean {
  const [stored, own] = [storedCrc64(response), objectCrc64(multipart)]
  if (stored !== undefined && own !== undefined) return stored === own
  const { headers } = response
  const etag = storedEtag(response)
  const isOfParts = etag === undefined || etag.endsWith(`-${multipart.done.size}`)
  const isNew = isStoredSince(response, multipart.createdAtMs)
  return isOfParts && isNew && headers['content-length'] === String(multipart.sizeBytes)
}
