import { createHMAC, createSHA256 } from 'hash-wasm'
import type { IHasher } from 'hash-wasm'
import { hasHeader } from '../oss-request.ts'
import type { SignableRequest } from '../oss-request.ts'
import { percentEncode, percentEncodePath } from '../percent-encode.ts'
import type { Credentials, Signer } from './signer.ts'

const ALGORITHM = 'OSS4-HMAC-SHA256'
/** All official SDKs send this text; whether OSS honours a true SHA-256 is not documented. */
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/**
 * Signature V4. (OSS documentation: "Include a V4 signature in the Authorization header", "Add signatures to URLs")
 *
 * @param region plain region id, such as `cn-hangzhou`, also for accelerate and CNAME hosts
 * @param options.product `oss`, or `oss-cloudbox`
 * @param options.additionalHeaders names of headers to sign beside those that are always signed
 */
export async function createV4Signer(
  credentials: Credentials,
  region: string,
  options: { readonly product?: string; readonly additionalHeaders?: readonly string[] } = {},
): Promise<Signer> {
  const { product = 'oss', additionalHeaders = [] } = options
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const sha256 = await loadSha256()

  // The key depends on the day alone, so it is derived once a day.
  let derived: { readonly day: string; readonly hmac: Promise<IHasher> } | undefined
  const hmacOf = (day: string): Promise<IHasher> => {
    if (derived?.day !== day) derived = { day, hmac: deriveHmac(accessKeySecret, day, region, product) }
    return derived.hmac
  }
  const scopeOf = (timestamp: string): string =>
    `${timestamp.slice(0, 8)}/${region}/${product}/aliyun_v4_request`
  const hmacHex = async (timestamp: string, text: string): Promise<string> => {
    const hmac = await hmacOf(timestamp.slice(0, 8))
    return hmac.init().update(text).digest('hex')
  }
  const signatureOf = (canonical: string, timestamp: string): Promise<string> => {
    const hash = sha256.init().update(canonical).digest('hex')
    return hmacHex(timestamp, [ALGORITHM, timestamp, scopeOf(timestamp), hash].join('\n'))
  }

  return {
    async signHeaders(request, date) {
      const timestamp = toIsoBasic(date)
      const headers: Record<string, string> = {
        ...request.headers,
        'x-oss-content-sha256': request.headers['x-oss-content-sha256'] ?? UNSIGNED_PAYLOAD,
        ...(hasHeader(request, 'date') ? {} : { 'x-oss-date': timestamp }),
        ...(securityToken === undefined ? {} : { 'x-oss-security-token': securityToken }),
      }
      const extra = effectiveAdditionalHeaders(headers, additionalHeaders)
      const signature = await signatureOf(canonicalRequest({ ...request, headers }, extra), timestamp)
      const fields = [
        `Credential=${accessKeyId}/${scopeOf(timestamp)}`,
        ...(extra.length === 0 ? [] : [`AdditionalHeaders=${extra.join(';')}`]),
        `Signature=${signature}`,
      ]
      return { ...headers, authorization: `${ALGORITHM} ${fields.join(',')}` }
    },

    async signQuery(request, date, expiresInSeconds) {
      const timestamp = toIsoBasic(date)
      const extra = effectiveAdditionalHeaders(request.headers, additionalHeaders)
      const query: Record<string, string> = {
        ...request.query,
        'x-oss-signature-version': ALGORITHM,
        'x-oss-credential': `${accessKeyId}/${scopeOf(timestamp)}`,
        'x-oss-date': timestamp,
        'x-oss-expires': String(expiresInSeconds),
        ...(extra.length === 0 ? {} : { 'x-oss-additional-headers': extra.join(';') }),
        ...(securityToken === undefined ? {} : { 'x-oss-security-token': securityToken }),
      }
      const signature = await signatureOf(canonicalRequest({ ...request, query }, extra), timestamp)
      return { ...query, 'x-oss-signature': signature }
    },

    signPolicy(policyBase64, date) {
      return hmacHex(toIsoBasic(date), policyBase64)
    },
  }
}

/** The text whose hash is signed. Path and query are percent-encoded, the query is ordered by encoded name. */
export function canonicalRequest(request: SignableRequest, additionalHeaders: readonly string[]): string {
  const { method, bucket, key, query, headers } = request
  const path = bucket === '' ? '/' : `/${percentEncode(bucket)}/${percentEncodePath(key)}`
  const items = Object.entries(query)
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  const lines = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name]) => isSignedHeader(name) || additionalHeaders.includes(name))
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => `${name}:${value}\n`)
  const payloadHash = headers['x-oss-content-sha256'] ?? UNSIGNED_PAYLOAD
  return [method, path, items.join('&'), lines.join(''), additionalHeaders.join(';'), payloadHash].join('\n')
}

/** Only names that are sent, and that are not signed anyway, count; lower-case and in order. */
function effectiveAdditionalHeaders(
  headers: Readonly<Record<string, string>>,
  wanted: readonly string[],
): readonly string[] {
  const sent = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  const names = wanted
    .map((name) => name.toLowerCase())
    .filter((name) => sent.has(name) && !isSignedHeader(name))
  return [...new Set(names)].sort(compareBytes)
}

function isSignedHeader(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-')
}

/** Order of code units; the compared texts are ASCII, where that is the order of bytes. */
function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Signing key of a day, ready to sign: each step's HMAC is the key of the next. */
async function deriveHmac(secret: string, day: string, region: string, product: string): Promise<IHasher> {
  let key: Uint8Array = new TextEncoder().encode(`aliyun_v4${secret}`)
  for (const step of [day, region, product, 'aliyun_v4_request']) {
    const hmac = await createHMAC(loadSha256(), key)
    key = hmac.init().update(step).digest('binary')
  }
  return createHMAC(loadSha256(), key)
}

let sha256Loaded: Promise<IHasher> | undefined

/**
 * One WebAssembly instance for all signers, since thousands of small files have a signer each. Nothing awaits between
 * `init()` and `digest()`, so that no two uses of it meet.
 */
function loadSha256(): Promise<IHasher> {
  sha256Loaded ??= createSHA256().catch((error: unknown) => {
    sha256Loaded = undefined
    throw error
  })
  return sha256Loaded
}

/** `20231216T162057Z` */
function toIsoBasic(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '')
}
