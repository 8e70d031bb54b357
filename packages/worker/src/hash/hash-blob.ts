import { UploadError } from '../protocol/errors.ts'
import { untilAborted } from '../clock/wait.ts'
import { combineCrc64 } from './crc64-combine.ts'
import type { Crc64Piece } from './crc64-combine.ts'
import type { FileBytes } from '../http/http-client.ts'
import type { Crc64 } from './crc64.ts'

/**
 * Bytes read at once. A part of the default size is one window; larger parts are read window by window, so that
 * memory does not grow with the part size. Fewer, larger reads are faster: 0.87 of the ceiling with whole 8 MiB
 * parts, 0.5 to 0.6 in steps of 1 MiB (measured in Chromium 156).
 */
export const WINDOW_BYTES: number = 8 * 1024 * 1024

/** Windows that one thread holds at a time: one being hashed while the next is being read. */
const MAX_WINDOWS = 2

export type HashBlob = (bytes: FileBytes, signal: AbortSignal) => Promise<bigint>

/**
 * Makes a function that computes the CRC-64 of blobs. However many blobs are hashed at once, at most two windows of
 * 8 MiB are in memory.
 *
 * The function throws `FILE_CHANGED` when the bytes cannot be read, and `signal.reason` when aborted.
 */
export function createHashBlob(crc64: Crc64): HashBlob {
  const waiting: (() => void)[] = []
  let windows = 0

  const readWindow = async (blob: Blob, signal: AbortSignal): Promise<Crc64Piece> => {
    if (windows >= MAX_WINDOWS) await new Promise<void>((resolve) => waiting.push(resolve))
    else windows += 1
    try {
      signal.throwIfAborted()
      const bytes = new Uint8Array(await readBlob(blob, signal))
      signal.throwIfAborted()
      return { crc64: crc64(bytes), lengthBytes: bytes.length }
    } finally {
      const next = waiting.shift()
      if (next === undefined) windows -= 1
      else next()
    }
  }

  return async (blob, signal) => {
    if (!(blob instanceof Blob)) return crc64(blob)
    // Each slice costs 0.7 ms of this thread (measured in Chromium 156), so that what is one window is not sliced.
    if (blob.size <= WINDOW_BYTES) return (await readWindow(blob, signal)).crc64
    const pieces: Crc64Piece[] = []
    for (let start = 0; start < blob.size; start += WINDOW_BYTES) {
      pieces.push(await readWindow(blob.slice(start, start + WINDOW_BYTES), signal))
    }
    return combineCrc64(pieces)
  }
}

/**
 * Longest time that one read of the file may take, in milliseconds. A disk answers in milliseconds, a network drive or a
 * cloud folder in seconds, or never.
 */
const READ_TIMEOUT_MS = 60_000

/**
 * Reads bytes of the file.
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
    throw new UploadError(
      'FILE_CHANGED',
      'The file can no longer be read: it was changed, moved or deleted during the upload, or its drive does not answer.',
      { cause: error },
    )
  }
}
