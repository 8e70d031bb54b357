import { MAX_LISTED_PARTS } from './limits.ts'
import type { OssRequest } from './oss-request.ts'

/** A part that the service holds. */
export interface PartTag {
  readonly partNumber: number
  /** As the service wrote it, quotes included or not. */
  readonly etag: string
}

/**
 * Headers of the object that is made, such as `content-type` and `x-oss-meta-*`, and of what is done when it is
 * (`x-oss-callback`); names in lower case.
 */
export type ObjectHeaders = Readonly<Record<string, string>>

/** @param md5 of the body, as hex digits, for the service to compare */
export function putObject(key: string, headers: ObjectHeaders, md5?: string): OssRequest {
  const digest = md5 === undefined ? {} : { 'content-md5': hexToBase64(md5) }
  return { method: 'PUT', key, query: {}, headers: { ...headers, ...digest } }
}

/** Sends the object as a form, to what the signed fields of the form allow. */
export function postObject(key: string, headers: ObjectHeaders): OssRequest {
  return { method: 'POST', key, query: {}, headers }
}

function hexToBase64(hex: string): string {
  return btoa(hex.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16))))
}

/** Headers of the object itself are given here and cannot be given later. */
export function initiateMultipartUpload(key: string, headers: ObjectHeaders): OssRequest {
  return {
    method: 'POST',
    key,
    query: { uploads: '' },
    headers: pick(headers, (name) => !isOfCallback(name)),
  }
}

export function uploadPart(key: string, uploadId: string, partNumber: number): OssRequest {
  return {
    method: 'PUT',
    key,
    query: { partNumber: String(partNumber), uploadId },
    headers: {},
  }
}

/** Puts the listed parts together; goes with the body of {@link completeBody}. */
export function completeMultipartUpload(key: string, uploadId: string, headers: ObjectHeaders): OssRequest {
  return {
    method: 'POST',
    key,
    query: { uploadId },
    headers: { 'content-type': 'application/xml', ...pick(headers, isOfCompletion) },
  }
}

/** Puts all parts together that the service has; must have no body. */
export function completeAllParts(key: string, uploadId: string, headers: ObjectHeaders): OssRequest {
  return {
    method: 'POST',
    key,
    query: { uploadId },
    headers: { 'x-oss-complete-all': 'yes', ...pick(headers, isOfCompletion) },
  }
}

/** Whether the service is to call the application's server. (OSS documentation, "Callback") */
export function hasCallback(headers: ObjectHeaders): boolean {
  return Object.keys(headers).some(isOfCallback)
}

function isOfCallback(name: string): boolean {
  return name === 'x-oss-callback' || name === 'x-oss-callback-var'
}

/** Other headers of the object are refused there. (OSS documentation, "CompleteMultipartUpload") */
function isOfCompletion(name: string): boolean {
  return isOfCallback(name) || name === 'x-oss-forbid-overwrite'
}

function pick(headers: ObjectHeaders, isWanted: (name: string) => boolean): ObjectHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isWanted(name)))
}

/** The list of parts that Complete wants, in ascending order. */
export function completeBody(parts: readonly PartTag[]): Uint8Array<ArrayBuffer> {
  const items = parts.map(
    ({ partNumber, etag }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>"${unquote(etag)}"</ETag></Part>`,
  )
  const xml = `<?xml version="1.0" encoding="UTF-8"?><CompleteMultipartUpload>${items.join('')}</CompleteMultipartUpload>`
  return new TextEncoder().encode(xml)
}

export function abortMultipartUpload(key: string, uploadId: string): OssRequest {
  return { method: 'DELETE', key, query: { uploadId }, headers: {} }
}

/** One page of parts with numbers above the marker. */
export function listParts(key: string, uploadId: string, partNumberMarker: number): OssRequest {
  return {
    method: 'GET',
    key,
    query: {
      'max-parts': String(MAX_LISTED_PARTS),
      'part-number-marker': String(partNumberMarker),
      uploadId,
    },
    headers: {},
  }
}

export function headObject(key: string): OssRequest {
  return { method: 'HEAD', key, query: {}, headers: {} }
}

/** An ETag without its quotes. */
export function unquote(etag: string): string {
  return etag.replace(/^"|"$/g, '')
}
