import { loadSha256 } from '../../hash/sha256.ts'
import type { Sha256 } from '../../hash/sha256.ts'
import type { SignableRequest } from '../oss-request.ts'
import { percentEncode, percentEncodePath } from '../percent-encode.ts'
import type { Credentials, Signer } from './signer.ts'

export const ALGORITHM = 'OSS4-HMAC-SHA256'
/** All official SDKs send this text; whether OSS honours a true SHA-256 is not documented. */
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/**
 * Signature V4. (OSS documentation: "Include a V4 signature in the Authorization header")
 *
 * @param region plain region id, such as `cn-hangzhou`, also for accelerate and CNAME hosts
 * @param firstDate of the first request, whose key is derived at once: nobody holds a connection while it is
 */
export async function createV4Signer(
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  region: string,
  firstDate: Date,
  loading: Promise<Sha256> = loadSha256(),
): Promise<Signer> {
  const sha256 = await loading
  await signingHmac(sha256, accessKeySecret, dayOf(toIsoBasic(firstDate)), region)

  return {
    async signHeaders(request, date) {
      const timestamp = toIsoBasic(date)
      const headers: Record<string, string> = {
        ...request.headers,
        'x-oss-content-sha256': UNSIGNED_PAYLOAD,
        'x-oss-date': timestamp,
        ...(securityToken === undefined ? {} : { 'x-oss-security-token': securityToken }),
      }
      const canonical = canonicalRequest({ ...request, headers })
      const signature = await signatureOf(sha256, accessKeySecret, region, timestamp, canonical)
      const credential = `${accessKeyId}/${scopeOf(timestamp, region)}`
      return { ...headers, authorization: `${ALGORITHM} Credential=${credential},Signature=${signature}` }
    },
  }
}

/** What a signing key is for. */
export function scopeOf(timestamp: string, region: string): string {
  return `${dayOf(timestamp)}/${region}/oss/aliyun_v4_request`
}

/** The signature of a canonical request, in hex. */
export async function signatureOf(
  sha256: Sha256,
  secret: string,
  region: string,
  timestamp: string,
  canonical: string,
): Promise<string> {
  const hash = toHex(await sha256.digest(canonical))
  const hmac = await signingHmac(sha256, secret, dayOf(timestamp), region)
  return toHex(await hmac([ALGORITHM, timestamp, scopeOf(timestamp, region), hash].join('\n')))
}

/** The text whose hash is signed. Path and query are percent-encoded, the query is ordered by encoded name. */
export function canonicalRequest({ method, bucket, key, query, headers }: SignableRequest): string {
  const path = bucket === '' ? '/' : `/${percentEncode(bucket)}/${percentEncodePath(key)}`
  const items = Object.entries(query)
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  const lines = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name]) => name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-'))
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => `${name}:${value}\n`)
  // No headers are signed beside these.
  return [method, path, items.join('&'), lines.join(''), '', UNSIGNED_PAYLOAD].join('\n')
}

/** Order of code units; the compared texts are ASCII, where that is the order of bytes. */
function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

type SigningHmac = ReturnType<Sha256['hmac']>

/**
 * The key depends on secret, day and region alone: thousands of small files with the same credentials of STS have it
 * derived once.
 */
let lastDerived: { readonly name: string; readonly sha256: Sha256; readonly hmac: SigningHmac } | undefined

function signingHmac(sha256: Sha256, secret: string, day: string, region: string): SigningHmac {
  const name = JSON.stringify([secret, day, region])
  if (lastDerived?.name !== name || lastDerived.sha256 !== sha256)
    lastDerived = { name, sha256, hmac: deriveHmac(sha256, secret, day, region) }
  return lastDerived.hmac
}

/** Signing key of a day, ready to sign: each step's HMAC is the key of the next. */
async function deriveHmac(sha256: Sha256, secret: string, day: string, region: string): SigningHmac {
  let key: Uint8Array = new TextEncoder().encode(`aliyun_v4${secret}`)
  for (const step of [day, region, 'oss', 'aliyun_v4_request']) {
    const hmac = await sha256.hmac(key)
    key = await hmac(step)
  }
  return sha256.hmac(key)
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** `20231216` */
function dayOf(timestamp: string): string {
  return timestamp.slice(0, 8)
}

/** `20231216T162057Z` */
export function toIsoBasic(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '')
}
