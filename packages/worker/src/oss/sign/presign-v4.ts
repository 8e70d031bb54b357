import { loadSha256 } from '../../hash/sha256.ts'
import type { SignableRequest } from '../oss-request.ts'
import type { Credentials } from './signer.ts'
import { ALGORITHM, canonicalRequest, scopeOf, signatureOf, toIsoBasic } from './v4.ts'

/**
 * Signs a request so that its URL alone carries the signature, as an application's server does.
 * (OSS documentation, "Add signatures to URLs")
 *
 * @param expiresInSeconds from 1 to 604800 (7 days)
 * @returns all query items to send
 */
export async function presignV4(
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  region: string,
  request: SignableRequest,
  date: Date,
  expiresInSeconds: number,
): Promise<Record<string, string>> {
  const timestamp = toIsoBasic(date)
  const query: Record<string, string> = {
    ...request.query,
    'x-oss-signature-version': ALGORITHM,
    'x-oss-credential': `${accessKeyId}/${scopeOf(timestamp, region)}`,
    'x-oss-date': timestamp,
    'x-oss-expires': String(expiresInSeconds),
    ...(securityToken === undefined ? {} : { 'x-oss-security-token': securityToken }),
  }
  const canonical = canonicalRequest({ ...request, query })
  const sha256 = await loadSha256()
  return {
    ...query,
    'x-oss-signature': await signatureOf(sha256, accessKeySecret, region, timestamp, canonical),
  }
}
