import type { BucketSettings } from '../store/bucket-store.ts'
import { emptyAnswer, type Answer } from './answer.ts'
import { corsHeaders, matchCorsRule, parseHeaderNames } from './cors.ts'
import { corsForbidden, incompletePreflight } from './errors.ts'
import type { RequestHeaders } from './headers.ts'

/**
 * Answers a preflight by the rules of its bucket. Whether there is such an object does not matter.
 *
 * @throws OssError BadRequest when a header is missing, AccessForbidden when no rule fits
 */
export function answerPreflight(headers: RequestHeaders, settings: BucketSettings | undefined): Answer {
  const origin = headers.get('origin')
  const method = headers.get('access-control-request-method')
  if (origin === undefined) throw incompletePreflight('Origin')
  if (method === undefined) throw incompletePreflight('Access-Control-Request-Method')
  const requestHeaders = parseHeaderNames(headers.get('access-control-request-headers') ?? '')
  const request = { origin, method, requestHeaders }
  const rule = matchCorsRule(settings?.cors ?? [], request)
  if (rule === undefined) throw corsForbidden()
  return emptyAnswer(200, corsHeaders(rule, request))
}

/** CORS headers of any other answer; none when no rule fits, though the request is carried out. */
export function actualCorsHeaders(
  method: string,
  headers: RequestHeaders,
  settings: BucketSettings | undefined,
): Record<string, string> {
  const origin = headers.get('origin')
  if (origin === undefined) return {}
  const request = { origin, method, requestHeaders: [] }
  const rule = matchCorsRule(settings?.cors ?? [], request)
  return rule === undefined ? {} : corsHeaders(rule, request)
}
