import { preconditionFailed } from '../http/errors.ts'
import { OssError } from '../http/oss-error.ts'
import type { RequestHeaders } from '../http/headers.ts'
import { fromHttpTime } from '../http/time.ts'
import { normalizeEtag } from '../store/etag.ts'
import type { ObjectFacts } from '../store/object-record.ts'

/**
 * Checks `If-…` conditions of a read.
 *
 * @param prefix '' for GetObject and HeadObject, `x-oss-copy-source-` for copies
 * @throws OssError 412 PreconditionFailed; NotModified (304 for reads, 412 for copies)
 */
export function checkConditions(
  headers: RequestHeaders,
  facts: ObjectFacts,
  prefix: '' | 'x-oss-copy-source-',
): void {
  const lastModifiedMs = Math.floor(facts.lastModifiedMs / 1000) * 1000
  const ifMatch = headers.get(`${prefix}if-match`)
  const ifNoneMatch = headers.get(`${prefix}if-none-match`)
  const modifiedSince = fromHttpTime(headers.get(`${prefix}if-modified-since`) ?? '')
  const unmodifiedSince = fromHttpTime(headers.get(`${prefix}if-unmodified-since`) ?? '')
  if (ifMatch !== undefined && !matchesEtag(ifMatch, facts.etag)) throw preconditionFailed()
  if (unmodifiedSince !== undefined && lastModifiedMs > unmodifiedSince) throw preconditionFailed()
  const isUnchanged =
    ifNoneMatch === undefined
      ? modifiedSince !== undefined && lastModifiedMs <= modifiedSince
      : matchesEtag(ifNoneMatch, facts.etag)
  if (isUnchanged) throw prefix === '' ? notModified(facts) : preconditionFailed()
}

function notModified(facts: ObjectFacts): OssError {
  return new OssError(304, 'NotModified', 'Not Modified', { headers: { etag: `"${facts.etag}"` } })
}

function matchesEtag(list: string, etag: string): boolean {
  return list.split(',').some((item) => item.trim() === '*' || normalizeEtag(item) === etag)
}
