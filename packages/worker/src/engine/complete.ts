import type { HttpResponse } from '../http/http-client.ts'
import { readListParts } from '../oss/answers.ts'
import type { ListedPart } from '../oss/answers.ts'
import {
  completeAllParts,
  completeBody,
  completeMultipartUpload,
  headObject,
  listParts,
} from '../oss/operations.ts'
import { isServiceError, isUploadError } from '../protocol/errors.ts'
import { fillFromList, inOrder, objectCrc64, storedCrc64, verifyCrc64 } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import type { OssClient } from './oss-client.ts'
import { NEVER } from './send-context.ts'
import type { SendContext } from './send-context.ts'

/** Asks ListParts where answers hid ETag or CRC-64. A service that forbids it is not asked twice. */
export async function fillHidden(
  context: SendContext,
  client: OssClient,
  multipart: MultipartUpload,
  signal: AbortSignal,
): Promise<MultipartUpload> {
  const isKnown = inOrder(multipart).every(({ etag, verified }) => etag !== undefined && verified)
  if (isKnown) return multipart
  try {
    return fillFromList(multipart, await listAllParts(context, client, multipart.uploadId, signal))
  } catch (error) {
    if (isServiceError(error) && error.status === 403) return multipart
    throw error
  }
}

async function listAllParts(
  context: SendContext,
  client: OssClient,
  uploadId: string,
  signal: AbortSignal,
): Promise<readonly ListedPart[]> {
  const parts: ListedPart[] = []
  let marker: number | undefined = 0
  while (marker !== undefined) {
    const response = await client.call(listParts(client.destination.key, uploadId, marker), undefined, {
      what: 'ListParts',
      signal,
      idleTimeoutMs: context.settings.requestTimeoutMs,
    })
    const page = readListParts(response)
    parts.push(...page.parts)
    marker = page.nextMarker
  }
  return parts
}

export interface Completed {
  readonly response: HttpResponse
  readonly crc64: string
  readonly crc64Verified: boolean
}

/**
 * Has the service put the object together, and compares its CRC-64 with that of the file.
 */
export async function complete(
  context: SendContext,
  client: OssClient,
  multipart: MultipartUpload,
): Promise<Completed> {
  const { key } = client.destination
  const crc64 = objectCrc64(multipart)
  const parts = inOrder(multipart)
  const tags = parts.flatMap(({ partNumber, etag }) => (etag === undefined ? [] : [{ partNumber, etag }]))
  // Without the ETags the service is told to take the parts it has: all of them were confirmed.
  const [request, body] =
    tags.length === parts.length
      ? [completeMultipartUpload(key, multipart.uploadId), completeBody(tags)]
      : [completeAllParts(key, multipart.uploadId), undefined]
  const options = {
    what: 'CompleteMultipartUpload',
    signal: NEVER,
    idleTimeoutMs: context.settings.completeTimeoutMs,
  }
  const response = await client
    .call(request, body, options)
    .catch((error: unknown) => findCompleted(context, client, crc64, error))
  const verified = verifyCrc64('the object', crc64, storedCrc64(response))
  const allVerified = parts.every((part) => part.verified)
  return { response, crc64, crc64Verified: verified || allVerified }
}

/**
 * Settles a Complete whose answer was lost: the object may be there. `NoSuchUpload` is such a case too, since a
 * browser repeats a request by itself when a reused connection is reset, and the second Complete finds the upload
 * gone. Only an object with the very CRC-64 counts.
 */
async function findCompleted(
  context: SendContext,
  client: OssClient,
  crc64: string,
  error: unknown,
): Promise<HttpResponse> {
  const mayBeThere = isServiceError(error)
    ? error.serviceCode === 'NoSuchUpload'
    : isUploadError(error) && (error.code === 'NETWORK' || error.code === 'TIMEOUT')
  if (!mayBeThere) throw error
  const response = await client
    .call(headObject(client.destination.key), undefined, {
      what: 'HeadObject',
      signal: NEVER,
      idleTimeoutMs: context.settings.requestTimeoutMs,
    })
    .catch(() => undefined)
  if (response === undefined || storedCrc64(response) !== crc64) throw error
  return response
}
