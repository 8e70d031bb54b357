import type { HttpResponse } from '../http/http-client.ts'
import { ServiceError, UploadError } from '../protocol/errors.ts'
import type { CallbackOutcome } from '../protocol/upload-state.ts'
import { parseXml } from './xml.ts'
import type { XmlElement } from './xml.ts'

/** What the service says it holds of a part. */
export interface ListedPart {
  readonly partNumber: number
  readonly sizeBytes: number
  readonly etag: string
  /** Undefined for a part that has none, such as a copied one. */
  readonly crc64: string | undefined
}

export interface ListPartsPage {
  readonly parts: readonly ListedPart[]
  /** Marker of the next page; undefined on the last. */
  readonly nextMarker: number | undefined
}

/** Reads the upload id from the answer to Initiate. */
export function readInitiate(response: HttpResponse): string {
  const uploadId = textOf(rootOf(response, 'InitiateMultipartUploadResult'), 'UploadId')
  if (uploadId === '') throw notOss('InitiateMultipartUpload', response)
  return uploadId
}

/**
 * Accepts the answer to Complete: a header that only the service gives, or its XML, in place of which a callback's answer
 * stands.
 */
export function readComplete(response: HttpResponse, hasCallback: boolean): HttpResponse {
  if (isOfOss(response) || (hasCallback && isJson(response.body))) return response
  rootOf(response, response.status === 203 ? 'Error' : 'CompleteMultipartUploadResult')
  return response
}

/**
 * Accepts the answer to PostObject: a header that only the service gives, no body, or the XML that
 * `success_action_status` asks for, in place of which a callback's answer stands.
 */
export function readPostObject(response: HttpResponse, hasCallback: boolean): HttpResponse {
  if (isOfOss(response) || response.body === '' || (hasCallback && isJson(response.body))) return response
  rootOf(response, response.status === 203 ? 'Error' : 'PostResponse')
  return response
}

function isOfOss({ headers }: HttpResponse): boolean {
  return headers['x-oss-hash-crc64ecma'] !== undefined || headers['etag'] !== undefined
}

/**
 * What became of the callback: 203 says that the object is stored, but the call failed. (OSS documentation, "Callback")
 *
 * @param hasCallback whether the request asked for one; a bucket of VOD may have one of its own
 */
export function readCallback(response: HttpResponse, hasCallback: boolean): CallbackOutcome | undefined {
  if (response.status === 203) {
    const { message, requestId, ec } = readError('The callback', response)
    return { status: 'failed', message, requestId, ec }
  }
  return hasCallback ? { status: 'succeeded', body: response.body } : undefined
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Accepts the answer to HeadObject: OSS tells when the object was stored, which every page may read, and a proxy does not. */
export function readHead(response: HttpResponse): HttpResponse {
  if (response.headers['last-modified'] === undefined) throw notOss('an object', response)
  return response
}

/** Reads a page of ListParts. */
export function readListParts(response: HttpResponse): ListPartsPage {
  const root = rootOf(response, 'ListPartsResult')
  const parts = elementsOf(root, 'Part').map((part) => ({
    partNumber: Number(textOf(part, 'PartNumber')),
    sizeBytes: Number(textOf(part, 'Size')),
    etag: textOf(part, 'ETag'),
    crc64: textOf(part, 'HashCrc64ecma') || undefined,
  }))
  const isTruncated = textOf(root, 'IsTruncated') === 'true'
  return { parts, nextMarker: isTruncated ? Number(textOf(root, 'NextPartNumberMarker')) : undefined }
}

/**
 * The error of an answer whose status is none of success. A body that is not OSS's XML (a proxy's page, nothing at
 * all) still gives an error with the status and the request id of the header.
 *
 * Only chosen elements of the body get into the error: `SecurityTokenExpired` echoes the token, and
 * `SignatureDoesNotMatch` the signature.
 *
 * @param what operation and thing for the message, such as `PUT part 7 of 42`
 */
export function readError(what: string, response: HttpResponse): ServiceError {
  const text = response.body || decodeErrorHeader(response)
  const root = tryRootOf({ ...response, body: text }, 'Error')
  // Only HEAD is answered by a 404 without a word, and it says one thing.
  const isNotThere = response.status === 404 && text === ''
  const serviceCode = root === undefined ? (isNotThere ? 'NoSuchKey' : '') : textOf(root, 'Code')
  const message = root === undefined ? '' : textOf(root, 'Message')
  const ec = (root === undefined ? '' : textOf(root, 'EC')) || (response.headers['x-oss-ec'] ?? '')
  const requestId =
    (root === undefined ? '' : textOf(root, 'RequestId')) || (response.headers['x-oss-request-id'] ?? '')
  const ids = [requestId && `request ${requestId}`, ec && `EC ${ec}`].filter(Boolean).join(', ')
  const words = [
    `${what} failed: ${response.status}${serviceCode && ` ${serviceCode}`}`,
    message && `: ${message}`,
    ids && ` (${ids})`,
  ].join('')
  const serverTime = root === undefined ? NaN : Date.parse(textOf(root, 'ServerTime'))
  const serverTimeMs = Number.isNaN(serverTime) ? undefined : serverTime
  const retryAfterMs = readRetryAfter(response)
  return new ServiceError(words, {
    status: response.status,
    serviceCode,
    ec,
    requestId,
    serverTimeMs,
    retryAfterMs,
  })
}

/** HEAD has no body: its error comes as Base64 in `x-oss-err`, where the bucket's CORS rule exposes it. */
function decodeErrorHeader({ headers }: HttpResponse): string {
  try {
    return atob(headers['x-oss-err'] ?? '')
  } catch {
    return ''
  }
}

/** Longest time to wait that is believed, in milliseconds: ten minutes. */
const MAX_RETRY_AFTER_MS = 600_000

function toNumber(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? NaN : Number(text)
}

/** `x-oss-qos-delay-time` is in milliseconds; `Retry-After` in seconds (its dates are not used by OSS). */
function readRetryAfter({ headers }: HttpResponse): number | undefined {
  const delayMs = toNumber(headers['x-oss-qos-delay-time'])
  const seconds = toNumber(headers['retry-after'])
  if (delayMs >= 0) return Math.min(delayMs, MAX_RETRY_AFTER_MS)
  return seconds >= 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) : undefined
}

function rootOf(response: HttpResponse, name: string): XmlElement {
  const root = tryRootOf(response, name)
  if (root === undefined) throw notOss(name, response)
  return root
}

function tryRootOf(response: HttpResponse, name: string): XmlElement | undefined {
  const root = parseXml(response.body)
  return root?.name === name ? root : undefined
}

function notOss(expected: string, response: HttpResponse): UploadError {
  const type = response.headers['content-type'] ?? 'no content type'
  const requestId = response.headers['x-oss-request-id'] ?? ''
  return new UploadError(
    'RESPONSE_INVALID',
    `Expected ${expected} from OSS, got something else (${response.status}, ${type}, ` +
      `${response.body.length} characters${requestId && `, request ${requestId}`}). A proxy may have answered in its place.`,
  )
}

function elementsOf(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name)
}

function textOf(parent: XmlElement, name: string): string {
  return elementsOf(parent, name)[0]?.text.trim() ?? ''
}
