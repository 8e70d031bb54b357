import type { Authorization } from '../credentials/read-authorization.ts'
import { contentTypeOf, headObject, putObject } from '../oss/operations.ts'
import { UploadError } from '../protocol/errors.ts'
import type { Completed } from './complete.ts'
import type { Release } from './connection-budget.ts'
import { placeOf, storedCrc64, storedEtag, verifyCrc64 } from './multipart.ts'
import type { SendContext } from './send-context.ts'
import { startNew } from './start-credentials.ts'

/** A file that was sent, and whether it is proved to be what is stored. */
interface SentWhole extends Completed {
  readonly isProved: boolean
}

/**
 * Sends a file in one request.
 *
 * Where the CORS rule hides the CRC-64, the ETag proves it, which is the MD5 of the bytes. Where that is hidden as well,
 * the file is sent once more with its MD5 in a header, which the service compares; the other files of the bucket have it
 * from the beginning.
 */
export async function sendWhole(context: SendContext, signal: AbortSignal): Promise<Completed> {
  const { client, credentials, hiding, onPhase } = context
  await startNew(context, signal)
  const { authorization } = await credentials.current(signal)
  const isHiding = hiding.has(authorization.destination.bucket)
  const md5 = isHiding ? await md5Of(context, signal) : undefined
  const connection = await client.acquire(signal)
  onPhase('send')
  const first = await put(context, connection, md5, signal)
  if (first.isProved) return first
  const digest = await md5Of(context, signal)
  return put(context, await client.acquire(signal), digest, signal)
}

async function put(
  context: SendContext,
  connection: Release,
  md5: string | undefined,
  signal: AbortSignal,
): Promise<SentWhole> {
  const { client, request } = context
  return client.sendBlob(
    (key) => putObject(key, contentTypeOf(request.contentType), md5),
    request.file.slice(),
    connection,
    { what: 'PutObject', signal, onProgress: (sentBytes) => context.onInFlight(1, sentBytes) },
    async ({ response, crc64, authorization }) => {
      const crc64Verified = verifyCrc64('the object', crc64, storedCrc64(response))
      const etag = storedEtag(response)
      if (!crc64Verified && etag !== undefined) verifyMd5(await md5Of(context, signal), etag)
      // Without a header that only the service gives, the answer may be a proxy's.
      if (!crc64Verified && etag === undefined) await checkStored(context, authorization, signal)
      const isProved = crc64Verified || etag !== undefined || md5 !== undefined
      return { place: placeOf(authorization), response, crc64, crc64Verified, isProved }
    },
  )
}

function md5Of({ request, ports }: SendContext, signal: AbortSignal): Promise<string> {
  return ports.md5Blob(request.file, signal)
}

function verifyMd5(md5: string, etag: string): void {
  if (etag.toLowerCase() === md5) return
  throw new UploadError(
    'CHECKSUM_MISMATCH',
    `What OSS stored of the object is not what the file holds: ETag ${etag} there, MD5 ${md5} here.`,
  )
}

/** Asks whether the object is there, and as long as the file. */
async function checkStored(
  { client, request }: SendContext,
  { destination }: Authorization,
  signal: AbortSignal,
): Promise<void> {
  const options = { what: 'HeadObject', kind: 'query', signal } as const
  const stored = await client.call(
    headObject,
    undefined,
    options,
    ({ response }) => response.headers['content-length'],
  )
  if (stored === String(request.file.size)) return
  throw new UploadError(
    'CHECKSUM_MISMATCH',
    `${destination.bucket}/${destination.key} has ${stored ?? 'an unknown number of'} bytes, the file ${request.file.size}.`,
  )
}
