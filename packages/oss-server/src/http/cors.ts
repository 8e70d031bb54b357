import { breakRule, integer, listOf, object, oneOf, optional, type Rule } from '../rules/rule.ts'

/** One CORS rule of a bucket (page PutBucketCors). */
export interface CorsRule {
  /** Origins, each with at most one `*`. */
  readonly allowedOrigins: readonly string[]
  readonly allowedMethods: readonly ('GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD')[]
  /** Header names in any letter case, each with at most one `*`. Left out: none. */
  readonly allowedHeaders?: readonly string[]
  /** Response headers that a page may read, no wildcard. Left out: none. */
  readonly exposeHeaders?: readonly string[]
  /** How long a browser may keep a preflight's answer. Left out: no such header. */
  readonly maxAgeSeconds?: number
}

const originPattern: Rule<string> = {
  check: (value, path) =>
    typeof value === 'string' && /^[^*]*\*?[^*]*$/.test(value)
      ? value
      : breakRule(path, 'a string with at most one *', value),
}

const headerName: Rule<string> = {
  check: (value, path) =>
    typeof value === 'string' && /^[A-Za-z0-9-]+$/.test(value)
      ? value
      : breakRule(path, 'a header name without wildcard', value),
}

/** What {@link CorsRule} must be at run time. */
export const corsRuleRule: Rule<CorsRule> = object<CorsRule>({
  allowedOrigins: listOf(originPattern),
  allowedMethods: listOf(oneOf(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])),
  allowedHeaders: optional(listOf(originPattern)),
  exposeHeaders: optional(listOf(headerName)),
  maxAgeSeconds: optional(integer(0)),
})

/** A request as CORS sees it. */
export interface CorsRequest {
  readonly origin: string
  readonly method: string
  /** Names in Access-Control-Request-Headers; none for the real request. */
  readonly requestHeaders: readonly string[]
}

/** Response headers that browser code for OSS reads; exposed by {@link ALLOW_ALL_RULE}. */
export const EXPOSED_HEADERS: readonly string[] = [
  'ETag',
  'x-oss-request-id',
  'x-oss-hash-crc64ecma',
  'x-oss-next-append-position',
  'x-oss-version-id',
  'x-oss-server-time',
  'x-oss-ec',
  'x-oss-err',
  'x-oss-qos-delay-time',
  'Date',
  'Content-MD5',
  'Content-Range',
  'x-oss-object-type',
]

/** Rule of a bucket that was given none: any page may do anything. Preflights may be kept for a day. */
export const ALLOW_ALL_RULE: CorsRule = {
  allowedOrigins: ['*'],
  allowedMethods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
  allowedHeaders: ['*'],
  exposeHeaders: EXPOSED_HEADERS,
  maxAgeSeconds: 86_400,
}

/** First rule that fits origin, method and every requested header. */
export function matchCorsRule(rules: readonly CorsRule[], request: CorsRequest): CorsRule | undefined {
  return rules.find(
    (rule) =>
      rule.allowedMethods.some((method) => method === request.method) &&
      rule.allowedOrigins.some((pattern) => matchesPattern(pattern, request.origin)) &&
      request.requestHeaders.every((header) =>
        (rule.allowedHeaders ?? []).some((pattern) => matchesPattern(pattern, header)),
      ),
  )
}

/** CORS headers of an answer under a rule. The origin is repeated, also under `*`. */
export function corsHeaders(rule: CorsRule, request: CorsRequest): Record<string, string> {
  const { exposeHeaders = [], maxAgeSeconds } = rule
  return {
    'access-control-allow-origin': request.origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(request.requestHeaders.length > 0 && {
      'access-control-allow-headers': request.requestHeaders.join(', '),
    }),
    ...(exposeHeaders.length > 0 && { 'access-control-expose-headers': exposeHeaders.join(', ') }),
    ...(maxAgeSeconds !== undefined && { 'access-control-max-age': String(maxAgeSeconds) }),
  }
}

/** Names in a comma-separated list of headers. */
export function parseHeaderNames(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** Letter case does not count, in origins as in header names: browsers send both in lower case. */
function matchesPattern(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.toLowerCase().split('*', 2)
  const lower = text.toLowerCase()
  if (after === undefined) return lower === before
  return lower.length >= before.length + after.length && lower.startsWith(before) && lower.endsWith(after)
}
