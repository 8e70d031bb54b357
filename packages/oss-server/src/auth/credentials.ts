import type { RequestHeaders } from '../http/headers.ts'
import { hasQuery, queryValue, type Query } from '../http/query.ts'
import { accessDenied } from '../http/errors.ts'
import { badLayout } from './auth-errors.ts'
import type { SignedRequest } from './signed-request.ts'
import { ALGORITHM_V4, TERMINATOR_V4, type ScopeV4 } from './signature-v4.ts'
import { MAX_URL_LIFETIME_SECONDS } from '../limits.ts'

interface Claimed {
  readonly accessKeyId: string
  readonly signature: string
  readonly token: string | undefined
}

/** What a request brings to prove who sent it. Nothing in here has been checked but its layout. */
export type Credentials =
  | { readonly kind: 'anonymous' }
  | ({ readonly kind: 'v1-header' } & Claimed)
  | ({ readonly kind: 'v1-url'; /** UNIX seconds, digits as sent. */ readonly expires: string } & Claimed)
  | ({
      readonly kind: 'v4-header'
      readonly scope: ScopeV4
      readonly additionalHeaders: readonly string[]
    } & Claimed)
  | ({
      readonly kind: 'v4-url'
      readonly scope: ScopeV4
      readonly additionalHeaders: readonly string[]
      readonly timestamp: string
      /** From the timestamp on. */
      readonly lifetimeSeconds: number
    } & Claimed)
  | ({
      readonly kind: 'v1-form'
      /** Base64 text, which is what was signed. */ readonly policy: string
    } & Claimed)
  | ({
      readonly kind: 'v4-form'
      readonly scope: ScopeV4
      readonly timestamp: string
      readonly policy: string
    } & Claimed)

/**
 * Finds the credentials of a request in its Authorization header or its query.
 *
 * @param request the request
 * @param region region of this server; a V4 scope must name it
 * @throws OssError when the layout is wrong, or credentials come both ways
 */
export function readCredentials(request: SignedRequest, region: string): Credentials {
  const { query, headers } = request
  const authorization = headers.get('authorization')
  const isV4Url = hasQuery(query, 'x-oss-signature-version') || hasQuery(query, 'x-oss-signature')
  const isV1Url = hasQuery(query, 'OSSAccessKeyId') || hasQuery(query, 'Signature')
  if (authorization !== undefined && (isV4Url || isV1Url)) {
    throw badLayout('Only one authentication mechanism is allowed, header or query string.')
  }
  if (isV4Url) return readV4Url(request, region)
  if (isV1Url) return readV1Url(request)
  if (authorization === undefined) return { kind: 'anonymous' }
  if (authorization.startsWith(ALGORITHM_V4)) return readV4Header(authorization, request, region)
  return readV1Header(authorization, request)
}

/**
 * The key id that a request claims, for the access log: whatever is wrong with the rest of its credentials.
 *
 * @returns '' when it names none
 */
export function claimedAccessKeyId(headers: RequestHeaders, query: Query): string {
  const inHeader = /^(?:OSS ([^:\s]+):|OSS4-HMAC-SHA256 Credential=([^/,\s]+)\/)/.exec(
    headers.get('authorization') ?? '',
  )
  const inUrl = queryValue(query, 'OSSAccessKeyId') ?? queryValue(query, 'x-oss-credential')?.split('/')[0]
  return inHeader?.[1] ?? inHeader?.[2] ?? inUrl ?? ''
}

function readV1Header(authorization: string, request: SignedRequest): Credentials {
  const match = /^OSS ([^\s:]+):(\S+)$/.exec(authorization)
  const [, accessKeyId, signature] = match ?? []
  if (accessKeyId === undefined || signature === undefined) {
    throw badLayout('Authorization header is invalid.', undefined, authorization)
  }
  return { kind: 'v1-header', accessKeyId, signature, token: readToken(request, 'header') }
}

function readV1Url(request: SignedRequest): Credentials {
  const accessKeyId = queryValue(request.query, 'OSSAccessKeyId')
  const signature = queryValue(request.query, 'Signature')
  const expires = queryValue(request.query, 'Expires')
  const message = 'Query string authentication requires the Signature, Expires and OSSAccessKeyId parameters.'
  if (accessKeyId === undefined || signature === undefined || expires === undefined) {
    throw accessDenied(message, '0002-00000067')
  }
  if (accessKeyId === '' || signature === '' || expires === '') throw accessDenied(message, '0002-00000068')
  if (!/^\d{1,15}$/.test(expires)) {
    throw accessDenied('Invalid date (should be seconds since epoch).', '0002-00000070')
  }
  return {
    kind: 'v1-url',
    accessKeyId,
    signature,
    expires,
    token: readToken(request, 'security-token'),
  }
}

function readV4Header(authorization: string, request: SignedRequest, region: string): Credentials {
  const refuse = (message: string, ec: string): never => {
    throw badLayout(message, ec, authorization)
  }
  // SDKs write no blank after the commas, the documentation does.
  const match = new RegExp(
    `^${ALGORITHM_V4} Credential=([^,\\s]+),\\s*(?:AdditionalHeaders=([^,\\s]*),\\s*)?Signature=([0-9a-fA-F]+)$`,
  ).exec(authorization)
  if (match === null) return refuse('Invalid Authorization header.', '0002-00000202')
  const [, credential = '', additional, signature = ''] = match
  if (additional === '') return refuse('Empty AdditionalHeaders in Authorization header.', '0002-00000209')
  const { accessKeyId, scope } = readCredential(credential, refuse)
  checkScope(scope, region, '0002-00000226', refuse)
  return {
    kind: 'v4-header',
    accessKeyId,
    scope,
    signature,
    additionalHeaders: additional?.split(';') ?? [],
    token: readToken(request, 'header'),
  }
}

function readV4Url(request: SignedRequest, region: string): Credentials {
  const { query } = request
  const refuse = (message: string, ec: string): never => {
    throw badLayout(message, ec)
  }
  if (queryValue(query, 'x-oss-signature-version') !== ALGORITHM_V4) {
    return refuse('Invalid x-oss-signature-version.', '0002-00000202')
  }
  const { accessKeyId, scope } = readCredential(queryValue(query, 'x-oss-credential') ?? '', refuse)
  const expires = queryValue(query, 'x-oss-expires')
  if (expires === undefined) return refuse('Missing x-oss-expires.', '0002-00000215')
  const lifetimeSeconds = /^\d{1,9}$/.test(expires) ? Number(expires) : 0
  if (lifetimeSeconds < 1 || lifetimeSeconds > MAX_URL_LIFETIME_SECONDS) {
    return refuse('x-oss-expires should be between 1 and 604800.', '0002-00000232')
  }
  checkScope(scope, region, '0002-00000228', refuse)
  const additional = queryValue(query, 'x-oss-additional-headers')
  if (additional === '') return refuse('Empty x-oss-additional-headers.', '0002-00000209')
  return {
    kind: 'v4-url',
    accessKeyId,
    scope,
    signature: queryValue(query, 'x-oss-signature') ?? '',
    additionalHeaders: additional?.split(';') ?? [],
    timestamp: queryValue(query, 'x-oss-date') ?? '',
    lifetimeSeconds,
    token: readToken(request, 'x-oss-security-token'),
  }
}

type Refuse = (message: string, ec: string) => never

/** Takes `<key id>/<scope>` apart. */
export function readCredential(text: string, refuse: Refuse): { accessKeyId: string; scope: ScopeV4 } {
  const [accessKeyId, date, region, product, terminator, ...rest] = text.split('/')
  if (terminator !== TERMINATOR_V4 || rest.length > 0) return refuse('Invalid credential.', '0002-00000213')
  if (accessKeyId === undefined || accessKeyId === '')
    return refuse('Invalid access key id.', '0002-00000206')
  if (date === undefined || !/^\d{8}$/.test(date))
    return refuse('Invalid date in credential.', '0002-00000212')
  return { accessKeyId, scope: { date, region: region ?? '', product: product ?? '' } }
}

function checkScope(scope: ScopeV4, region: string, regionEc: string, refuse: Refuse): void {
  if (scope.region !== region) refuse('Invalid signing region in Authorization header.', regionEc)
  if (scope.product !== 'oss') refuse('Invalid signing product in Authorization header.', '0002-00000227')
}

/** Header and URL each have their own place for the token; using both is refused. */
function readToken(
  { headers, query }: SignedRequest,
  place: 'header' | 'security-token' | 'x-oss-security-token',
): string | undefined {
  const inHeader = headers.get('x-oss-security-token')
  const inUrl = queryValue(query, place === 'header' ? 'security-token' : place)
  if (inHeader !== undefined && inUrl !== undefined) {
    throw badLayout('The security token is given in header and in URL.', '0002-00000010')
  }
  return inHeader ?? inUrl
}
