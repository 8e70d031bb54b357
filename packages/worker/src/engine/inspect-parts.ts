import { countParts, partAt } from '../plan/layout.ts'
import type { PartInspection, PartStatus } from '../protocol/inspection.ts'
import type { MultipartUpload } from './multipart.ts'

/** What becomes of bytes of a part that are not confirmed. */
export type BodyOnItsWay =
  | { readonly status: 'sending'; readonly sentBytes: number }
  /** An attempt has failed; the next has not begun. */
  | { readonly status: 'retrying' }

/** The bodies of an upload, by part number; 1 for a file that is sent in one request. */
export type BodiesOnTheirWay = ReadonlyMap<number, BodyOnItsWay>

export function bytesOnTheirWay(bodies: BodiesOnTheirWay): number {
  return [...bodies.values()].reduce((sum, body) => sum + (body.status === 'sending' ? body.sentBytes : 0), 0)
}

/** What each part of an upload is doing; a file that is not, or not yet, open in parts is one. */
export function inspectParts(
  multipart: MultipartUpload | undefined,
  fileSizeBytes: number,
  bodies: BodiesOnTheirWay,
): readonly PartInspection[] {
  if (multipart === undefined) return [onItsWay(1, fileSizeBytes, bodies.get(1))]
  const { layout, sizeBytes, done, resumed } = multipart
  return Array.from({ length: countParts(layout, sizeBytes) }, (_, index) => {
    const { partNumber, start, end } = partAt(layout, index + 1, sizeBytes)
    const partBytes = end - start
    if (!done.has(partNumber)) return onItsWay(partNumber, partBytes, bodies.get(partNumber))
    const status = resumed.has(partNumber) ? 'resumed' : 'done'
    return { partNumber, sizeBytes: partBytes, status, sentBytes: partBytes }
  })
}

function onItsWay(partNumber: number, sizeBytes: number, body: BodyOnItsWay | undefined): PartInspection {
  const sentBytes = body?.status === 'sending' ? body.sentBytes : 0
  return { partNumber, sizeBytes, status: statusOf(body), sentBytes }
}

function statusOf(body: BodyOnItsWay | undefined): PartStatus {
  if (body === undefined) return 'waiting'
  if (body.status === 'retrying') return 'retrying'
  return body.sentBytes === 0 ? 'reading' : 'sending'
}
