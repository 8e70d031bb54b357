import type { Answer } from '../http/answer.ts'
import { OssError } from '../http/oss-error.ts'
import { invalidAccessKeyId, invalidSecurityToken, securityTokenExpired } from '../auth/auth-errors.ts'
import type { FaultOrder } from './fault-order.ts'

/**
 * The error that takes the place of the effect, if one was ordered.
 *
 * @param token security token of the request, which the real answer repeats
 */
export function orderedError(orders: readonly FaultOrder[], token: string): OssError | undefined {
  for (const order of orders) {
    if (order.kind === 'status') {
      return new OssError(order.status, order.code, order.message ?? order.code, {
        ...(order.ec !== undefined && { ec: order.ec }),
        headers: lowerCaseNames(order.headers ?? {}),
      })
    }
    if (order.kind === 'throttled') {
      const code = order.code ?? 'UploadTrafficRateLimitExceeded'
      return new OssError(503, code, 'Please reduce your upload request traffic.', {
        headers: { 'x-oss-qos-delay-time': String(order.qosDelayMs) },
      })
    }
    if (order.kind === 'expired-token') return staleCredentials(order.code ?? 'SecurityTokenExpired', token)
  }
  return undefined
}

function staleCredentials(
  code: 'SecurityTokenExpired' | 'InvalidAccessKeyId' | 'InvalidSecurityToken',
  token: string,
): OssError {
  switch (code) {
    case 'SecurityTokenExpired':
      return securityTokenExpired(token)
    case 'InvalidAccessKeyId':
      return invalidAccessKeyId('temporary-without-token')
    case 'InvalidSecurityToken':
      return invalidSecurityToken()
  }
}

/** The page that takes the place of the answer, if one was ordered. */
export function orderedPage(
  orders: readonly FaultOrder[],
  moment: 'instead-of-effect' | 'after-effect',
): Answer | undefined {
  for (const order of orders) {
    if (order.kind !== 'html-answer') continue
    if ((order.effect ?? false) !== (moment === 'after-effect')) continue
    const status = order.status ?? 502
    const text = `<html><head><title>${status}</title></head><body><h1>${status} Bad Gateway</h1></body></html>\n`
    return {
      status,
      headers: { 'content-type': 'text/html' },
      body: { kind: 'text', text },
      code: 'HtmlAnswer',
      isForeign: true,
    }
  }
  return undefined
}

/** Spoils an answer as ordered. The original is left as it is. */
export function spoilAnswer(answer: Answer, orders: readonly FaultOrder[]): Answer {
  return orders.reduce(spoil, answer)
}

function spoil(answer: Answer, order: FaultOrder): Answer {
  if (order.kind === 'wrong-etag') return replaceHeader(answer, 'etag', wrongEtag)
  if (order.kind === 'wrong-crc') {
    return replaceHeader(answer, 'x-oss-hash-crc64ecma', (crc) => String(BigInt(crc) ^ 1n))
  }
  if (order.kind === 'missing-headers') return withoutHeaders(answer, order.headers)
  if (order.kind === 'truncated-answer') {
    return { ...answer, cut: { keepBytes: order.keepBytes, isValidHttp: order.http === 'valid' } }
  }
  return answer
}

/** Another hex digit in the first place: still an ETag, never the right one. */
function wrongEtag(etag: string): string {
  return etag.replace(/[0-9A-F]/, (digit) => (digit === '0' ? 'F' : '0'))
}

function replaceHeader(answer: Answer, name: string, replace: (value: string) => string): Answer {
  const value = answer.headers[name]
  if (value === undefined) return answer
  const wrong = replace(value)
  const { body } = answer
  return {
    ...answer,
    headers: { ...answer.headers, [name]: wrong },
    // Complete says its ETag in the XML too.
    body:
      body.kind === 'text'
        ? { kind: 'text', text: body.text.replaceAll(unquoted(value), unquoted(wrong)) }
        : body,
  }
}

function unquoted(value: string): string {
  return value.replaceAll('"', '')
}

function withoutHeaders(answer: Answer, names: readonly string[]): Answer {
  const unwanted = new Set(names.map((name) => name.toLowerCase()))
  const headers = Object.entries(answer.headers).filter(([name]) => !unwanted.has(name))
  return { ...answer, headers: Object.fromEntries(headers) }
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
