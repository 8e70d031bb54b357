import type { BodySource } from '../body/body-source.ts'
import type { HttpResponse } from '../http/http-client.ts'
import { readCallback, readHead } from '../oss/answers.ts'
import { hasCallback, headObject, putObject } from '../oss/operations.ts'
import { isServiceError, UploadError } from '../protocol/errors.ts'
import { isStoredSince, lostCallback } from './complete.ts'
import type { Completed } from './complete.ts'
import type { Release } from './connection-budget.ts'
import { placeOf, storedCrc64, storedEtag, verifyCrc64 } from './multipart.ts'
import type { SendContext } from './send-context.ts'
import { isForm, sendForm } from './send-form.ts'
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
 * from the beginning, and so have files that must not be sent twice.
 */
export async function sendWhole(
  context: SendContext,
  body: BodySource,
  signal: AbortSignal,
): Promise<Completed> {
  const { client, credentials, hiding, takeTurn, onPhase } = context
  await startNew(context, signal)
  if (await isForm(context, signal)) return sendForm(context, body, signal)
  const { authorization } = await credentials.current(signal)
  const isHiding = hiding.has(authorization.destination.bucket)
  const md5 = isHiding || mustGoOnce(context) ? await md5Of(context, signal) : undefined
  await takeTurn(signal)
  const connection = await client.acquire(signal)
  onPhase('send')
  const first = await put(context, body, connection, md5, signal)
  if (first.isProved && (md5 === undefined || first.crc64Verified)) return first
  const last = first.isProved
    ? first
    : await put(context, body, await client.acquire(signal), await md5Of(context, signal), signal)
  await checkThere(context, signal)
  return last
}

async function put(
  context: SendContext,
  body: BodySource,
  connection: Release,
  md5: string | undefined,
  signal: AbortSignal,
): Promise<SentWhole> {
  const { client, request, ports } = context
  const beganAtMs = ports.clock.now()
  let requests = 0
  const sending = client.sendBody(
    (key) => {
      requests += 1
      return putObject(key, request.objectHeaders, md5)
    },
    body,
    connection,
    { what: 'PutObject', signal, onBody: (state) => context.onBody(1, state) },
    async ({ response, crc64, authorization }) => {
      const crc64Verified = verifyCrc64('the object', crc64, storedCrc64(response))
      const etag = storedEtag(response)
      const isCalled = hasCallback(request.objectHeaders)
      if (!crc64Verified && etag === undefined && !isCalled) checkEmpty(response)
      const callback = readCallback(response, isCalled)
      const isProved =
        crc64 === undefined || crc64Verified || md5 !== undefined || (await isMd5(context, etag, signal))
      return { place: placeOf(authorization), response, crc64, crc64Verified, isProved, callback }
    },
  )
  return sending.catch((error: unknown) => {
    if (requests < 2) throw error
    return findOwn(context, error, beganAtMs, signal)
  })
}

/**
 * Where objects may not be replaced, an attempt whose answer was lost makes the next one be refused. An object of just now
 * with the file's CRC-64 is that one. Before a second request there is nothing that could have been lost.
 */
async function findOwn(
  context: SendContext,
  error: unknown,
  beganAtMs: number,
  signal: AbortSignal,
): Promise<SentWhole> {
  if (!isServiceError(error) || error.serviceCode !== 'FileAlreadyExists') throw error
  const { client, request, ports } = context
  const crc64 = (await ports.hashBlob(request.file, signal)).toString()
  const options = { what: 'HeadObject', kind: 'query', signal } as const
  const { response, authorization } = await client.call(headObject, undefined, options, (sent) => sent)
  if (storedCrc64(response) !== crc64 || !isStoredSince(response, beganAtMs)) throw error
  const callback = lostCallback(context)
  return { place: placeOf(authorization), response, crc64, crc64Verified: true, isProved: true, callback }
}

/** A second time would be refused, or call the application's server again. */
function mustGoOnce({ request, settings }: SendContext): boolean {
  const { objectHeaders } = request
  const isOnce = objectHeaders['x-oss-forbid-overwrite'] === 'true' || hasCallback(objectHeaders)
  return isOnce && settings.checksum !== 'none'
}

function md5Of({ request, ports }: SendContext, signal: AbortSignal): Promise<string> {
  return ports.md5Blob(request.file, signal)
}

/** Another ETag proves nothing: that of an encrypted object is no MD5. */
async function isMd5(context: SendContext, etag: string | undefined, signal: AbortSignal): Promise<boolean> {
  return etag !== undefined && etag.toLowerCase() === (await md5Of(context, signal))
}

/** Where nothing of an answer tells that OSS gave it, the object is asked for, as far as that is allowed. */
async function checkThere({ client, request }: SendContext, signal: AbortSignal): Promise<void> {
  const options = { what: 'HeadObject', kind: 'query', signal } as const
  const length = await client
    .call(headObject, undefined, options, ({ response }) => readHead(response).headers['content-length'])
    .catch((error: unknown) => {
      signal.throwIfAborted()
      return isServiceError(error) && error.status === 404 ? 'no' : undefined
    })
  if (length === undefined || length === String(request.file.size)) return
  throw new UploadError(
    'CHECKSUM_MISMATCH',
    `The stored object has ${length} bytes, the file ${request.file.size}.`,
  )
}

/** OSS answers a PutObject without a body; a proxy that answers in its place has something to say. */
function checkEmpty({ status, body }: HttpResponse): void {
  if (body === '' || status === 203) return
  throw new UploadError(
    'RESPONSE_INVALID',
    `PutObject was answered by something else than OSS (${status}, ${body.length} characters): a proxy, a sign-in page.`,
  )
}
