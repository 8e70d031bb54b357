import { entityTooLarge, invalidDigest, missingContentLength } from '../http/errors.ts'
import { OssError } from '../http/oss-error.ts'
import type { RequestHeaders } from '../http/headers.ts'
import { stageBody, type StagedBody, type StageTarget } from '../store/stage-body.ts'
import type { ServiceContext } from './context.ts'

/**
 * Checks the announced size of a body before a byte of it is read.
 *
 * @returns Content-Length
 * @throws OssError MissingContentLength, EntityTooLarge
 */
export function checkBodySize({ headers, body }: ServiceContext, maxBytes: number): number {
  if (body.declaredBytes === undefined || !headers.has('content-length')) throw missingContentLength()
  if (body.declaredBytes > maxBytes) throw entityTooLarge()
  return body.declaredBytes
}

/**
 * Takes a body to a file and checks it against the digests that the client gave.
 *
 * @throws OssError InvalidDigest, InvalidCRC64, IncompleteBody, RequestTimeout
 */
export async function receiveBody(context: ServiceContext, target: StageTarget): Promise<StagedBody> {
  const { headers, body, store } = context
  const wantedMd5 = readContentMd5(headers)
  const wantedCrc64 = headers.get('x-oss-hash-crc64ecma')
  const staged = await stageBody(body.chunks(), target, store.digester, body.declaredBytes ?? 0)
  if (wantedMd5 !== undefined && !staged.md5.equals(wantedMd5)) throw invalidDigest('mismatch')
  if (wantedCrc64 !== undefined && wantedCrc64 !== String(staged.crc64)) {
    throw new OssError(
      400,
      'InvalidCRC64',
      'The x-oss-hash-crc64ecma you specified does not match what we calculated.',
    )
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
