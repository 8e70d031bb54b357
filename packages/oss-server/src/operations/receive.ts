import { rm } from 'node:fs/promises'
import { entityTooLarge, invalidDigest, missingContentLength } from '../http/errors.ts'
import { OssError } from '../http/oss-error.ts'
import type { RequestHeaders } from '../http/headers.ts'
import { stageBody, type StagedBody } from '../store/stage-body.ts'
import type { ServiceContext } from './context.ts'

/**
 * Takes a body to the staging folder and checks it against the digests that the client gave. All that can be
 * refused beforehand is refused before a byte is read.
 *
 * @param context the request
 * @param maxBytes largest body
 * @throws OssError MissingContentLength, EntityTooLarge, InvalidDigest, InvalidCRC64, IncompleteBody,
 *   RequestTimeout; nothing is left in the staging folder then
 */
export async function receiveBody(context: ServiceContext, maxBytes: number): Promise<StagedBody> {
  const { headers, body, store } = context
  if (body.declaredBytes === undefined || !headers.has('content-length')) throw missingContentLength()
  if (body.declaredBytes > maxBytes) throw entityTooLarge()
  const wantedMd5 = readContentMd5(headers)

  const staged = await stageBody(body.chunks(), store.layout.freshStagingPath())
  const failure = checkDigests(staged, wantedMd5, headers.get('x-oss-hash-crc64ecma'))
  if (failure !== undefined) {
    await rm(staged.path, { force: true })
    throw failure
  }
  return staged
}

/**
 * Reads Content-MD5.
 *
 * @returns 16 bytes, or `undefined` when there is no such header
 * @throws OssError InvalidDigest when it is not the Base64 of 16 bytes
 */
export function readContentMd5(headers: RequestHeaders): Buffer | undefined {
  const value = headers.get('content-md5')
  if (value === undefined) return undefined
  const md5 = Buffer.from(value, 'base64')
  if (md5.length !== 16 || md5.toString('base64') !== value) throw invalidDigest('malformed')
  return md5
}

function checkDigests(
  staged: StagedBody,
  wantedMd5: Buffer | undefined,
  wantedCrc64: string | undefined,
): OssError | undefined {
  if (wantedMd5 !== undefined && !staged.md5.equals(wantedMd5)) return invalidDigest('mismatch')
  if (wantedCrc64 !== undefined && wantedCrc64 !== String(staged.crc64)) {
    return new OssError(
      400,
      'InvalidCRC64',
      'The x-oss-hash-crc64ecma you specified does not match what we calculated.',
    )
  }
  return undefined
}
