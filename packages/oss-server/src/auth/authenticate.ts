import { timingSafeEqual } from 'node:crypto'
import { accessDenied, urlExpired } from '../http/errors.ts'
import { fromBasicTime, fromHttpTime } from '../http/time.ts'
import { MAX_CLOCK_SKEW_MS } from '../limits.ts'
import {
  badLayout,
  dateRequired,
  invalidAccessKeyId,
  invalidSecurityToken,
  requestTimeTooSkewed,
  securityTokenExpired,
  signatureDoesNotMatch,
  tokenOfOtherKey,
} from './auth-errors.ts'
import type { Credentials } from './credentials.ts'
import type { SignedRequest } from './signed-request.ts'
import { signV1, stringToSignV1 } from './signature-v1.ts'
import { canonicalRequestV4, signV4, stringToSignV4 } from './signature-v4.ts'
import { openToken, temporarySecret, type TokenScope } from './tokens.ts'

/** Who sent a request, proved by its signature. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'permanent'; readonly accessKeyId: string }
  | { readonly kind: 'temporary'; readonly accessKeyId: string; readonly scope: TokenScope }

/** What the server knows when it checks a signature. */
export interface AuthContext {
  /** Permanent keys: id to secret. */
  readonly accessKeys: ReadonlyMap<string, string>
  /** Key of the tokens, see `sealToken`. */
  readonly serverSecret: Buffer
  /** Whether the tokens of a series were ended before their time. */
  readonly isSeriesExpired: (series: string) => boolean
  readonly nowMs: number
}

type Signed = Exclude<Credentials, { readonly kind: 'anonymous' }>

/**
 * Checks credentials in the service's order: key id, token, clock or expiry, signature.
 *
 * @throws OssError with the service's status and code
 */
export function authenticate(
  credentials: Credentials,
  request: SignedRequest,
  context: AuthContext,
): Identity {
  if (credentials.kind === 'anonymous') return credentials
  const { identity, accessKeySecret } = findKey(credentials, context)
  const dateText = checkTime(credentials, request, context.nowMs)
  checkSignature(credentials, request, accessKeySecret, dateText)
  return identity
}

function findKey(
  { accessKeyId, token }: Signed,
  { accessKeys, serverSecret, isSeriesExpired, nowMs }: AuthContext,
): { readonly identity: Identity; readonly accessKeySecret: string } {
  const permanentSecret = accessKeys.get(accessKeyId)
  if (permanentSecret === undefined && !accessKeyId.startsWith('STS.')) throw invalidAccessKeyId('unknown')
  if (token === undefined) {
    if (permanentSecret === undefined) throw invalidAccessKeyId('temporary-without-token')
    return { identity: { kind: 'permanent', accessKeyId }, accessKeySecret: permanentSecret }
  }
  const claims = openToken(serverSecret, token)
  if (claims === undefined) throw invalidSecurityToken()
  if (claims.accessKeyId !== accessKeyId) throw tokenOfOtherKey()
  if (claims.expiresAtMs <= nowMs || isSeriesExpired(claims.series)) throw securityTokenExpired(token)
  return {
    identity: { kind: 'temporary', accessKeyId, scope: claims },
    accessKeySecret: temporarySecret(serverSecret, accessKeyId),
  }
}

/** @returns the date as it takes part in the signature */
function checkTime(credentials: Signed, request: SignedRequest, nowMs: number): string {
  switch (credentials.kind) {
    case 'v1-url': {
      const expiresAtMs = Number(credentials.expires) * 1000
      if (expiresAtMs < nowMs) throw urlExpired(expiresAtMs, nowMs)
      return credentials.expires
    }
    case 'v4-url': {
      const signedAtMs = fromBasicTime(credentials.timestamp)
      if (signedAtMs === undefined) throw dateRequired()
      checkScopeDate(credentials.scope.date, credentials.timestamp)
      if (signedAtMs > nowMs + MAX_CLOCK_SKEW_MS) {
        throw accessDenied('Request is not valid yet.', '0002-00000235')
      }
      const expiresAtMs = signedAtMs + credentials.lifetimeSeconds * 1000
      if (expiresAtMs < nowMs) throw urlExpired(expiresAtMs, nowMs)
      return credentials.timestamp
    }
    case 'v1-header': {
      const dateText = headerDate(request)
      const requestTimeMs = dateText === undefined ? undefined : fromHttpTime(dateText)
      if (dateText === undefined || requestTimeMs === undefined) throw dateRequired()
      checkSkew(requestTimeMs, nowMs)
      return dateText
    }
    case 'v4-header': {
      const dateText = headerDate(request)
      const requestTimeMs = dateText === undefined ? undefined : fromBasicTime(dateText)
      if (dateText === undefined || requestTimeMs === undefined) throw dateRequired()
      checkScopeDate(credentials.scope.date, dateText)
      checkSkew(requestTimeMs, nowMs)
      return dateText
    }
    case 'v1-form':
      // How long a form may be used is for its policy to say.
      return ''
    case 'v4-form':
      if (fromBasicTime(credentials.timestamp) === undefined) throw dateRequired()
      checkScopeDate(credentials.scope.date, credentials.timestamp, '0002-00000709')
      return credentials.timestamp
  }
}

/** Browsers cannot send Date; some SDKs send nothing else. */
function headerDate({ headers }: SignedRequest): string | undefined {
  return headers.get('x-oss-date') ?? headers.get('date')
}

function checkScopeDate(scopeDate: string, timestamp: string, ec = '0002-00000212'): void {
  if (!timestamp.startsWith(scopeDate)) throw badLayout('Invalid signing date.', ec)
}

function checkSkew(requestTimeMs: number, nowMs: number): void {
  if (Math.abs(nowMs - requestTimeMs) > MAX_CLOCK_SKEW_MS) throw requestTimeTooSkewed(requestTimeMs, nowMs)
}

function checkSignature(
  credentials: Signed,
  request: SignedRequest,
  accessKeySecret: string,
  dateText: string,
): void {
  const { accessKeyId, signature: provided } = credentials
  if (credentials.kind === 'v1-form' || credentials.kind === 'v4-form') {
    const { policy } = credentials
    const [version, signature] =
      credentials.kind === 'v1-form'
        ? (['v1', signV1(accessKeySecret, policy)] as const)
        : (['v4', signV4(accessKeySecret, credentials.scope, policy)] as const)
    if (isEqual(signature, provided)) return
    throw signatureDoesNotMatch({ version, accessKeyId, provided, stringToSign: policy })
  }
  if (credentials.kind === 'v1-header' || credentials.kind === 'v1-url') {
    const stringToSign = stringToSignV1(request, dateText)
    if (isEqual(signV1(accessKeySecret, stringToSign), provided)) return
    throw signatureDoesNotMatch({ version: 'v1', accessKeyId, provided, stringToSign })
  }
  const canonicalRequest = canonicalRequestV4(request, credentials.additionalHeaders)
  const stringToSign = stringToSignV4(dateText, credentials.scope, canonicalRequest)
  if (isEqual(signV4(accessKeySecret, credentials.scope, stringToSign), provided)) return
  throw signatureDoesNotMatch({ version: 'v4', accessKeyId, provided, stringToSign, canonicalRequest })
}

function isEqual(expected: string, provided: string): boolean {
  const a = Buffer.from(expected, 'utf8')
  const b = Buffer.from(provided, 'utf8')
  return a.length === b.length && timingSafeEqual(a, b)
}
