import { combineCrc64 } from '../hash/crc64-combine.ts'
import type { Authorization } from '../credentials/read-authorization.ts'
import { unquote } from '../oss/operations.ts'
import type { ListedPart } from '../oss/answers.ts'
import type { HttpResponse } from '../http/http-client.ts'
import { countParts, partAt } from '../plan/layout.ts'
import type { Layout, Part } from '../plan/layout.ts'
import { UploadError } from '../protocol/errors.ts'

/** What is known of a part that the service has confirmed. */
export interface DonePart {
  readonly partNumber: number
  readonly sizeBytes: number
  /** CRC-64 of the file's bytes, unsigned decimal; undefined without a checksum. */
  readonly crc64: string | undefined
  /** Without quotes; undefined when the bucket's CORS rule hides it. */
  readonly etag: string | undefined
  /** Whether the service's own CRC-64 was seen to be equal. */
  readonly verified: boolean
}

/** Where an upload goes, and for which media. */
export interface Place {
  readonly bucket: string
  readonly key: string
  readonly mediaId: string | undefined
}

export function placeOf({ destination, mediaId }: Authorization): Place {
  return { bucket: destination.bucket, key: destination.key, mediaId }
}

/** An upload in parts that is open on the service. Outlives a pause. */
export interface MultipartUpload {
  /** As it was when the upload was opened: later credentials may be for another place. */
  readonly place: Place
  readonly uploadId: string
  readonly sizeBytes: number
  /** Grows by a segment when the size of the parts that are not yet planned changes. */
  layout: Layout
  /** Numbers up to this are planned: their sizes stay. */
  plannedParts: number
  /** Numbers of the parts that an earlier page has sent. */
  readonly resumed: ReadonlySet<number>
  /** Grows as parts are confirmed by the service, by part number. */
  readonly done: Map<number, DonePart>
  /** Bytes of the confirmed parts that the checkpoint has: only these count as done. */
  recordedBytes: number
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number
}

/** An upload that was opened just now. */
export function openMultipart(
  opened: Omit<MultipartUpload, 'done' | 'resumed' | 'recordedBytes' | 'plannedParts'>,
): MultipartUpload {
  return { ...opened, done: new Map(), resumed: new Set(), recordedBytes: 0, plannedParts: 0 }
}

/**
 * An upload that goes on in another page. All its parts are planned: which of them an earlier page has sent, and may still
 * arrive, nobody knows.
 */
export function reopenMultipart(
  opened: Omit<MultipartUpload, 'done' | 'resumed' | 'recordedBytes' | 'plannedParts'>,
  done: readonly DonePart[],
): MultipartUpload {
  return {
    ...opened,
    done: new Map(done.map((part) => [part.partNumber, part])),
    resumed: new Set(done.map(({ partNumber }) => partNumber)),
    recordedBytes: sumBytes(done),
    plannedParts: countParts(opened.layout, opened.sizeBytes),
  }
}

/** How many bytes parts have together. */
export function sumBytes(parts: readonly DonePart[]): number {
  return parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

export function missingParts({ sizeBytes, layout, done }: MultipartUpload): readonly Part[] {
  const count = countParts(layout, sizeBytes)
  return Array.from({ length: count }, (_, index) => index + 1)
    .filter((partNumber) => !done.has(partNumber))
    .map((partNumber) => partAt(layout, partNumber, sizeBytes))
}

/** The confirmed parts in the order of their numbers. */
export function inOrder({ done }: MultipartUpload): readonly DonePart[] {
  return [...done.values()].sort((a, b) => a.partNumber - b.partNumber)
}

/** CRC-64 of the whole file from those of its parts, unsigned decimal; undefined where one of them is. */
export function objectCrc64(upload: MultipartUpload): string | undefined {
  const parts = inOrder(upload)
  const pieces = parts.flatMap(({ crc64, sizeBytes }) =>
    crc64 === undefined ? [] : [{ crc64: BigInt(crc64), lengthBytes: sizeBytes }],
  )
  return pieces.length === parts.length ? combineCrc64(pieces).toString() : undefined
}

/**
 * Compares what OSS computed over what it stored with what was computed over the file.
 *
 * @param what the thing for the message, such as `part 7 of 42`
 * @returns whether there was something to compare; a bucket's CORS rule may hide it
 * @throws {UploadError} `CHECKSUM_MISMATCH` when they differ
 */
export function verifyCrc64(what: string, crc64: string | undefined, stored: string | undefined): boolean {
  if (stored === undefined || crc64 === undefined) return false
  if (stored === crc64) return true
  throw new UploadError(
    'CHECKSUM_MISMATCH',
    `What OSS stored of ${what} is not what the file holds: CRC-64 ${stored} there, ${crc64} here.`,
  )
}

export function storedCrc64(response: HttpResponse): string | undefined {
  return response.headers['x-oss-hash-crc64ecma']
}

export function storedEtag(response: HttpResponse): string | undefined {
  const etag = response.headers['etag']
  return etag === undefined ? undefined : unquote(etag)
}

/** Whether two CRC-64 say that bytes differ. */
function isOther(own: string | undefined, stored: string | undefined): boolean {
  return own !== undefined && stored !== undefined && own !== stored
}

/**
 * Fills in from ListParts what the bucket's CORS rule hides in the answers to the parts themselves: its XML is not
 * subject to CORS. Parts that the list lacks, or has with other bytes, are not done.
 *
 * @returns whether the list has all of them
 */
export function fillFromList(upload: MultipartUpload, listed: readonly ListedPart[]): boolean {
  const byNumber = new Map(listed.map((part) => [part.partNumber, part]))
  for (const part of inOrder(upload)) {
    const found = byNumber.get(part.partNumber)
    const isSame = found?.sizeBytes === part.sizeBytes && !isOther(part.crc64, found.crc64)
    if (found === undefined || !isSame) {
      upload.done.delete(part.partNumber)
      continue
    }
    // The list is the truth, also where an answer said something else.
    const verified = part.verified || (found.crc64 !== undefined && part.crc64 !== undefined)
    upload.done.set(part.partNumber, { ...part, etag: unquote(found.etag), verified })
  }
  upload.recordedBytes = sumBytes([...upload.done.values()])
  return missingParts(upload).length === 0
}
