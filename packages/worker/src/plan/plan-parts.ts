import { UploadError } from '../protocol/errors.ts'
import { MAX_PART_SIZE_BYTES } from '../protocol/part-size-limits.ts'
import { MAX_PARTS } from '../oss/limits.ts'

const MIB = 1024 * 1024

/**
 * Part size when nothing speaks for another, in bytes: 8 MiB. The preflight cache of browsers is keyed by the full
 * URL, so every part costs a round trip for OPTIONS; 1 MiB parts reach 0.6 of the speed of 8 MiB parts.
 */
export const DEFAULT_PART_SIZE_BYTES: number = 8 * MIB

/** How a file is sent. */
export type UploadPlan =
  | { readonly kind: 'single' }
  | { readonly kind: 'multipart'; readonly partSizeBytes: number }

/**
 * Decides how a file is sent: a file that fits into one part by one PutObject, a larger one in parts.
 *
 * @param sizeBytes size of the file
 * @param partSizeBytes part size that the caller forces; without it 8 MiB, or for large files what keeps the parts
 *   under 10,000, in whole MiB
 * @throws {UploadError} `FILE_TOO_LARGE` when the file needs more than 10,000 parts
 */
export function planUpload(sizeBytes: number, partSizeBytes?: number): UploadPlan {
  const size = partSizeBytes ?? defaultPartSize(sizeBytes)
  if (sizeBytes <= size) return { kind: 'single' }
  const count = Math.ceil(sizeBytes / size)
  if (count > MAX_PARTS || size > MAX_PART_SIZE_BYTES) {
    const least = defaultPartSize(sizeBytes)
    throw new UploadError(
      'FILE_TOO_LARGE',
      `A file of ${sizeBytes} bytes in parts of ${size} bytes needs ${count} parts; OSS allows ${MAX_PARTS} ` +
        `parts of at most ${MAX_PART_SIZE_BYTES} bytes. ` +
        (least <= MAX_PART_SIZE_BYTES
          ? `Set partSizeBytes to ${least} or more, or leave it out.`
          : 'No part size is large enough.'),
    )
  }
  return { kind: 'multipart', partSizeBytes: size }
}

function defaultPartSize(sizeBytes: number): number {
  return Math.max(DEFAULT_PART_SIZE_BYTES, leastPartSize(sizeBytes, MAX_PARTS))
}

/** The smallest whole MiB of which so many parts hold so many bytes. */
export function leastPartSize(sizeBytes: number, parts: number): number {
  return Math.ceil(sizeBytes / parts / MIB) * MIB
}
