import { createHash, createHmac } from 'node:crypto'
import { encodePercent, encodePercentPath } from '../http/percent.ts'
import { byName, type SignedRequest } from './signed-request.ts'

/** Name of the algorithm, in headers and in `x-oss-signature-version`. */
export const ALGORITHM_V4 = 'OSS4-HMAC-SHA256'

/** Last part of every scope. */
export const TERMINATOR_V4 = 'aliyun_v4_request'

/** What a V4 key is derived for. */
export interface ScopeV4 {
  /** `YYYYMMDD`. */
  readonly date: string
  /** Plain id such as `cn-hangzhou`, without `oss-`. */
  readonly region: string
  /** `oss`, or `oss-cloudbox`. */
  readonly product: string
}

/** `<date>/<region>/<product>/aliyun_v4_request`. */
export function scopeText({ date, region, product }: ScopeV4): string {
  return `${date}/${region}/${product}/${TERMINATOR_V4}`
}

/** Headers that V4 signs without being told. */
function isSignedByDefault(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-')
}

/**
 * Names that count as additional headers: lower case, sorted, without those that are signed anyway or are not
 * in the request.
 */
export function effectiveAdditionalHeaders(request: SignedRequest, names: readonly string[]): string[] {
  const lower = new Set(names.map((name) => name.toLowerCase()))
  return [...lower].filter((name) => !isSignedByDefault(name) && request.headers.has(name)).toSorted()
}

/**
 * The canonical request.
 *
 * @param request the request; key and query are encoded here, whatever form they were sent in
 * @param additionalHeaders names to sign besides the default ones, see {@link effectiveAdditionalHeaders}
 */
export function canonicalRequestV4(request: SignedRequest, additionalHeaders: readonly string[]): string {
  const additional = effectiveAdditionalHeaders(request, additionalHeaders)
  const headerLines = [...request.headers]
    .filter(([name]) => isSignedByDefault(name) || additional.includes(name))
    .toSorted(byName)
    .map(([name, value]) => `${name}:${value}\n`)
  return [
    request.method,
    canonicalUri(request),
    canonicalQuery(request),
    headerLines.join(''),
    additional.join(';'),
    request.headers.get('x-oss-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n')
}

function canonicalUri({ bucket, key }: SignedRequest): string {
  return bucket === undefined ? '/' : encodePercentPath(`/${bucket}/${key ?? ''}`)
}

function canonicalQuery({ query }: SignedRequest): string {
  return query
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [encodePercent(name), encodePercent(value)] as const)
    .toSorted(byName)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
}

/**
 * The text that V4 signs.
 *
 * @param timestamp ISO 8601 basic, as in `x-oss-date`
 */
export function stringToSignV4(timestamp: string, scope: ScopeV4, canonicalRequest: string): string {
  const digest = createHash('sha256').update(canonicalRequest, 'utf8').digest('hex')
  return [ALGORITHM_V4, timestamp, scopeText(scope), digest].join('\n')
}

/**
 * V4 signature of a string to sign, or of a Base64 post policy.
 *
 * @returns lower-case hex of HMAC-SHA256 with the derived key
 */
export function signV4(accessKeySecret: string, scope: ScopeV4, text: string): string {
  let key: Buffer | string = `aliyun_v4${accessKeySecret}`
  for (const step of [scope.date, scope.region, scope.product, TERMINATOR_V4]) {
    key = createHmac('sha256', key).update(step, 'utf8').digest()
  }
  return createHmac('sha256', key).update(text, 'utf8').digest('hex')
}
