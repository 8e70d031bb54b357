import { readBlob } from '../hash/hash-blob.ts'
import type { FileBytes } from '../http/http-client.ts'

/** What a request sends, as often as it is attempted. */
export interface BodySource {
  readonly sizeBytes: number
  /**
   * What to hand to the next attempt.
   *
   * @throws {UploadError} `FILE_CHANGED` when the file cannot be read
   * @throws `signal.reason` when aborted
   */
  open(signal: AbortSignal): Promise<FileBytes>
}

/** How ranges of a file become bodies. A port of the engine, since browsers differ. */
export interface Bodies {
  /** Whether a body is read as soon as it is made: a part is made while it waits for its connection then. */
  readonly readAhead: boolean
  /** Largest part that is chosen by measurement, in bytes. */
  readonly largestPartBytes: number
  /** @param signal ends what is read ahead */
  make(range: Blob, signal: AbortSignal): BodySource
}

/** The same bytes for each attempt. */
export function keepBytes(bytes: Uint8Array<ArrayBuffer>): BodySource {
  return { sizeBytes: bytes.length, open: async () => bytes }
}

/** The range itself, which the browser reads while it sends. */
export const sliceBodies: Bodies = {
  readAhead: false,
  largestPartBytes: Infinity,
  make: (range) => ({ sizeBytes: range.size, open: async () => range }),
}

const MIB = 1024 ** 2

/**
 * Largest range that is read into memory, in bytes; six of them at a time are 384 MiB. Only parts of a size that the
 * application chose are larger, and forms.
 */
const IN_MEMORY_BYTES = 64 * MIB

/**
 * The bytes of the range, in memory of their own: read once ahead, and again for each further attempt. At most as many parts
 * are in memory as are being sent, and one of each file: 7 times 8 MiB for one file.
 */
export const byteBodies: Bodies = {
  readAhead: true,
  largestPartBytes: 8 * MIB,
  make(range, signal) {
    if (range.size > IN_MEMORY_BYTES) return sliceBodies.make(range, signal)
    let ahead: Promise<ArrayBuffer> | undefined = readBlob(range, signal)
    // Who opens it hears of a failure.
    ahead.catch(() => undefined)
    return {
      sizeBytes: range.size,
      async open(attemptSignal) {
        const first = ahead
        ahead = undefined
        return first ?? readBlob(range, attemptSignal)
      },
    }
  },
}
