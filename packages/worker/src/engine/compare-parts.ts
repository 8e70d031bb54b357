import type { ListedPart } from '../oss/answers.ts'
import { unquote } from '../oss/operations.ts'
import { countParts, partAt } from '../plan/layout.ts'
import type { Layout } from '../plan/layout.ts'
import type { DonePart } from './multipart.ts'

/** What a checkpoint and the service's list come to, together. */
export interface ComparedParts {
  /** On both sides and the same: nothing to do. */
  readonly confirmed: readonly DonePart[]
  /** The service has a part of the right size that the checkpoint does not know: to be compared with the file's bytes. */
  readonly unproved: readonly ListedPart[]
}

/**
 * Compares what the checkpoint believes with what the service says, which is the truth. Parts that are in neither list
 * of the answer have to be sent: never sent, purged, or of another size.
 */
export function compareParts(
  done: readonly DonePart[],
  listed: readonly ListedPart[],
  sizeBytes: number,
  layout: Layout,
): ComparedParts {
  const known = new Map(done.map((part) => [part.partNumber, part]))
  const count = countParts(layout, sizeBytes)
  const fitting = listed.filter((part) => {
    if (part.partNumber > count) return false
    const { start, end } = partAt(layout, part.partNumber, sizeBytes)
    return part.sizeBytes === end - start
  })
  const confirmed = fitting.flatMap((part) => {
    const own = known.get(part.partNumber)
    if (own === undefined || !isSame(own, part)) return []
    const verified = own.verified || (part.crc64 !== undefined && own.crc64 !== undefined)
    return [{ ...own, etag: unquote(part.etag), verified }]
  })
  const numbers = new Set(confirmed.map(({ partNumber }) => partNumber))
  return { confirmed, unproved: fitting.filter(({ partNumber }) => !numbers.has(partNumber)) }
}

/** The CRC-64 decides where both sides have one, else the ETag. */
function isSame(own: DonePart, listed: ListedPart): boolean {
  if (listed.crc64 !== undefined && own.crc64 !== undefined) return listed.crc64 === own.crc64
  return own.etag !== undefined && own.etag.toUpperCase() === unquote(listed.etag).toUpperCase()
}
