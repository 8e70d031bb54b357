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
    if (bytes instanceof ArrayBuffer) return crc64(new Uint8Array(bytes))
    if (bytes instanceof Uint8Array) return crc64(bytes)
    let value = 0n
    for await (const chunk of readChunks(bytes, signal)) value = crc64(chunk, value)
    return value
  }
}

/**
 * How long an answer may take before the same is asked again, in milliseconds, at first; twice as long each time.
 *
 * Firefox 153 never answers who reads a file that is in memory, anywhere but at its beginning, in the first milliseconds after
 * it came through a MessagePort; it answers who asks again (our measurement). Files of a disk are answered at once.
 */
const ASK_AGAIN_MS = 100

/**
 * Reads all bytes of a small blob at once.
 *
 * @throws {UploadError} `FILE_CHANGED` when they cannot be read, or not in time
 * @throws `signal.reason` when aborted
 */
export async function readBlob(blob: Blob, signal: AbortSignal): Promise<ArrayBuffer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(READ_TIMEOUT_MS)])
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    return await untilAborted(
      new Promise((resolve, reject) => {
        const ask = (patienceMs: number): void => {
          blob.arrayBuffer().then(resolve, reject)
          timer = setTimeout(() => ask(patienceMs * 2), patienceMs)
        }
        ask(ASK_AGAIN_MS)
      }),
      limit,
    )
  } catch (error) {
    signal.throwIfAborted()
    throw unreadable(error)
  } finally {
    clearTimeout(timer)
  }
}
