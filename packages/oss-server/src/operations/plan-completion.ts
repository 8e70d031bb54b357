import { entityTooSmall, invalidPart, invalidPartNumber, invalidPartOrder } from '../http/errors.ts'
import { MAX_PART_NUMBER } from '../limits.ts'
import { normalizeEtag } from '../store/etag.ts'
import type { PartRecord } from '../store/part-name.ts'
import type { ListedPart } from './complete-body.ts'

/**
 * Finds the stored parts that a Complete lists, checking one thing after the other as the service does: order,
 * presence and ETag of each part, size of each part but the last one listed.
 *
 * @param uploadId for error answers
 * @param stored parts of the upload
 * @param listed parts as the client lists them; gaps are allowed
 * @param minPartBytes smallest part before the last
 * @returns parts in their order
 * @throws OssError InvalidArgument, InvalidPartOrder, InvalidPart, EntityTooSmall
 */
export function planCompletion(
  uploadId: string,
  stored: ReadonlyMap<number, PartRecord>,
  listed: readonly ListedPart[],
  minPartBytes: number,
): PartRecord[] {
  let previous = 0
  for (const { partNumber } of listed) {
    if (partNumber < 1 || partNumber > MAX_PART_NUMBER) throw invalidPartNumber(String(partNumber))
    if (partNumber <= previous) throw invalidPartOrder()
    previous = partNumber
  }
  const parts = listed.map(({ partNumber, etag }) => {
    const part = stored.get(partNumber)
    if (part === undefined || part.etag !== normalizeEtag(etag)) throw invalidPart(uploadId, partNumber, etag)
    return part
  })
  if (parts.slice(0, -1).some((part) => part.sizeBytes < minPartBytes)) throw entityTooSmall('part')
  return parts
}
