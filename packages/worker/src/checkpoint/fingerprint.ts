import type { Crc64 } from '../hash/crc64.ts'
import { readBlob } from '../hash/hash-blob.ts'

/** Bytes of one sample. */
const SAMPLE_BYTES = 64 * 1024

/**
 * What a file is recognised by when it is picked again. Taken in constant time for any size: three samples are read,
 * never the whole.
 */
export interface Fingerprint {
  readonly name: string
  readonly sizeBytes: number
  /** Milliseconds since the epoch; 0 for a Blob, which has none. */
  readonly lastModifiedMs: number
  readonly type: string
  /** CRC-64 of 64 KiB each of head, middle and tail, unsigned decimal: other content under the same name is noticed. */
  readonly samplesCrc64: string
}

/**
 * @throws {UploadError} `FILE_CHANGED` when the file cannot be read
 * @throws `signal.reason` when aborted
 */
export async function takeFingerprint(
  file: Blob,
  name: string,
  crc64: Crc64,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const samples = await readBlob(
    new Blob(sampleRanges(file.size).map(([start, end]) => file.slice(start, end))),
    signal,
  )
  return {
    name,
    sizeBytes: file.size,
    lastModifiedMs: file instanceof File ? file.lastModified : 0,
    type: file.type,
    samplesCrc64: crc64(new Uint8Array(samples)).toString(),
  }
}

/** Ranges of the samples, end exclusive, in order, none twice: a small file is one range. */
export function sampleRanges(sizeBytes: number): readonly (readonly [start: number, end: number])[] {
  if (sizeBytes <= 3 * SAMPLE_BYTES) return [[0, sizeBytes]]
  const middle = Math.floor((sizeBytes - SAMPLE_BYTES) / 2)
  return [0, middle, sizeBytes - SAMPLE_BYTES].map((start) => [start, start + SAMPLE_BYTES] as const)
}

/** A text that is the same for equal fingerprints only. */
export function fingerprintKey(fingerprint: Fingerprint): string {
  const { name, sizeBytes, lastModifiedMs, type, samplesCrc64 } = fingerprint
  return JSON.stringify([name, sizeBytes, lastModifiedMs, type, samplesCrc64])
}
