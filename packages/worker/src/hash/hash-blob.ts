import { untilAborted } from '../clock/wait.ts'
import type { FileBytes } from '../http/http-client.ts'
import type { Crc64 } from './crc64.ts'
import { READ_TIMEOUT_MS, readChunks, unreadable } from './read-chunks.ts'

/**
 * Computes the CRC-64 of bytes; those of a blob are in memory 256 KiB at a time.
 *
 * @throws {UploadError} `FILE_CHANGED` when the bytes cannot be read
 * @throws `signal.reason` when aborted
 */
export type HashBlob = (bytes: FileBytes, signal: AbortSignal) => Promise<bigint>

export function createHashBlob(crc64: Crc64): HashBlob {
  return async (bytes, signal) => {
    if (!(bytes instanceof Blob)) return crc64(bytes)
    let value = 0n
    for await (const chunk of readChunks(bytes, signal)) value = crc64(chunk, value)
    return value
  }
}

/**
 * Reads all bytes of a small blob at once.
 *
 * @throws {UploadError} `FILE_CHANGED` when they cannot be read, or not in time
 * @throws `signal.reason` when aborted
 */
export async function readBlob(blob: Blob, signal: AbortSignal): Promise<ArrayBuffer> {
  const timeout = AbortSignal.timeout(READ_TIMEOUT_MS)
  try {
    return await untilAborted(blob.arrayBuffer(), AbortSignal.any([signal, timeout]))
  } catch (error) {
    signal.throwIfAborted()
    throw unreadable(error)
  }
}
