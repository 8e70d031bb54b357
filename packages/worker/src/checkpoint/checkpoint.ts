import type { DonePart } from '../engine/multipart.ts'
import type { Layout } from '../plan/layout.ts'
import type { Fingerprint } from './fingerprint.ts'

/** Format of the records; a record of a higher one was written by a later release and is left alone. */
export const CHECKPOINT_VERSION = 1

/**
 * What an upload in parts needs to go on in another page: never secrets, never file bytes.
 *
 * It is a hint. The truth is what the service lists.
 */
export interface Checkpoint {
  readonly version: typeof CHECKPOINT_VERSION
  readonly fingerprint: Fingerprint
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
  readonly layout: Layout
  /** Parts that the service has confirmed. */
  readonly done: readonly DonePart[]
  readonly mediaId: string | undefined
  /** Opens the file again without a picker, where the browser has such handles and the application gave one. */
  readonly handle: FileSystemFileHandle | undefined
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number
  /** Milliseconds since the epoch. */
  readonly updatedAtMs: number
}

/** What a stored record is. */
export type ReadCheckpoint =
  | { readonly kind: 'valid'; readonly checkpoint: Checkpoint }
  /** Written by a later release: not ours to touch. */
  | { readonly kind: 'newer' }
  /** Not what this release writes: damaged, or of somebody else. */
  | { readonly kind: 'unreadable' }

/** Reads a record from storage, which may hold anything. */
export function readCheckpoint(record: unknown): ReadCheckpoint {
  if (!isRecord(record) || typeof record['version'] !== 'number') return { kind: 'unreadable' }
  if (record['version'] > CHECKPOINT_VERSION) return { kind: 'newer' }
  return isCheckpoint(record) ? { kind: 'valid', checkpoint: record } : { kind: 'unreadable' }
}

function isCheckpoint(record: object): record is Checkpoint {
  const { version, fingerprint, bucket, key, uploadId, layout, done, mediaId, createdAtMs, updatedAtMs } =
    record as { readonly [Name in keyof Checkpoint]?: unknown }
  return (
    version === CHECKPOINT_VERSION &&
    isFingerprint(fingerprint) &&
    [bucket, key, uploadId].every(isText) &&
    [createdAtMs, updatedAtMs].every(isCount) &&
    isLayout(layout) &&
    (mediaId === undefined || isText(mediaId)) &&
    Array.isArray(done) &&
    done.every(isDonePart)
  )
}

function isFingerprint(value: unknown): value is Fingerprint {
  if (!isRecord(value)) return false
  const { name, sizeBytes, lastModifiedMs, type, samplesCrc64 } = value
  return [name, type, samplesCrc64].every(isText) && [sizeBytes, lastModifiedMs].every(isCount)
}

/** Segments that begin at part 1 and go on from there, of parts of something. */
function isLayout(value: unknown): value is Layout {
  if (!Array.isArray(value) || value.length === 0) return false
  const segments: readonly unknown[] = value
  let after = 0
  return segments.every((segment, index) => {
    if (!isRecord(segment)) return false
    const { fromPart, sizeBytes } = segment
    const isNext = isCount(fromPart) && fromPart > after && (index > 0 || fromPart === 1)
    after = Number(fromPart)
    return isNext && isCount(sizeBytes) && sizeBytes > 0
  })
}

function isDonePart(value: unknown): value is DonePart {
  if (!isRecord(value)) return false
  const { partNumber, sizeBytes, crc64, etag, verified } = value
  return (
    [partNumber, sizeBytes].every(isCount) &&
    (crc64 === undefined || (isText(crc64) && /^\d{1,20}$/.test(crc64))) &&
    (etag === undefined || isText(etag)) &&
    typeof verified === 'boolean'
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
