import type { FileHandle } from 'node:fs/promises'
import { OssError, renderError } from './oss-error.ts'
import { internalError } from './errors.ts'
import { renderXml, type XmlNode } from './xml.ts'

/** What follows the headers. */
export type AnswerBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  /** Bytes `start` (inclusive) to `end` (exclusive) of an open file, which sending closes. */
  | {
      readonly kind: 'file'
      readonly file: FileHandle
      readonly start: number
      readonly end: number
      /** Speed limit. */
      readonly bytesPerSecond: () => number | undefined
    }

/** An answer before it is sent. The headers that every answer has are added at the edge. */
export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AnswerBody
  /** Error code for the access log, '' when it went well. */
  readonly code: string
  /** Upload that the request began, for the access log. */
  readonly uploadId?: string
  /** Not the service's own answer: it gets none of the headers that those have. */
  readonly isForeign?: boolean
  /** Only this much of the body is sent; `isValidHttp`: Content-Length says so. */
  readonly cut?: { readonly keepBytes: number; readonly isValidHttp: boolean }
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: { kind: 'none' }, code: '' }
}

/** An answer with XML. */
export function xmlAnswer(root: XmlNode, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: { kind: 'text', text: renderXml(root) },
    code: '',
  }
}

/** The answer of a failure. For HEAD the error goes into headers, as there is no body. */
export function errorAnswer(
  thrown: unknown,
  details: {
    readonly requestId: string
    readonly hostId: string
    readonly method: string
    readonly hasDetailCodes: boolean
  },
): Answer {
  const error = thrown instanceof OssError ? thrown : internalError(thrown)
  // 304 is the one answer without error document (page HeadObject).
  if (error.status === 304) return { ...emptyAnswer(304, error.headers), code: error.code }
  const xml = renderError(error, details)
  const ec = error.ec !== undefined && details.hasDetailCodes ? { 'x-oss-ec': error.ec } : {}
  if (details.method === 'HEAD') {
    const packed = Buffer.from(xml, 'utf8').toString('base64')
    return {
      ...emptyAnswer(error.status, { ...error.headers, ...ec, 'x-oss-err': packed }),
      code: error.code,
    }
  }
  return {
    status: error.status,
    headers: { ...error.headers, ...ec, 'content-type': 'application/xml' },
    body: { kind: 'text', text: xml },
    code: error.code,
  }
}
