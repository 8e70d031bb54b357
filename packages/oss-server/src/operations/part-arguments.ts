import { invalidPartNumber } from '../http/errors.ts'
import { queryValue, type Query } from '../http/query.ts'
import { MAX_PART_NUMBER } from '../limits.ts'

/** `uploadId` of the query, '' when it has none. */
export function readUploadId(query: Query): string {
  return queryValue(query, 'uploadId') ?? ''
}

/**
 * `partNumber` of the query.
 *
 * @throws OssError InvalidArgument outside 1 to 10,000
 */
export function readPartNumber(query: Query): number {
  const text = queryValue(query, 'partNumber') ?? ''
  const partNumber = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (partNumber < 1 || partNumber > MAX_PART_NUMBER) throw invalidPartNumber(text)
  return partNumber
}
