import { UploadError } from '../protocol/errors.ts'

/** Bytes that are read at a time at most: they are still in the processor's cache when they are hashed. */
const CHUNK_BYTES = 256 * 1024

/**
 * Longest time that one read of the file may take, in milliseconds; it is given up between half of it and all of it. A disk
 * answers in milliseconds, a network drive or a cloud folder in seconds, or never.
 */
export const READ_TIMEOUT_MS = 60_000

/**
 * Reads a blob from its beginning to its end, each time into the same 256 KiB where the browser has byte streams of blobs.
 * 1.3 s of processor time per GiB with the CRC-64, against 1.8 for `arrayBuffer()` of 8 MiB, which takes new memory each
 * time (measured in Chromium 156; docs/where-the-time-goes.md).
 *
 * What it yields is overwritten when the next is asked for.
 *
 * @throws {UploadError} `FILE_CHANGED` when the bytes cannot be read, or not in time
 * @throws `signal.reason` when aborted
 */
export async function* readChunks(
  blob: Blob,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  signal.throwIfAborted()
  const reader = openReader(blob)
  // Ends a read that has begun as if the blob ended there.
  const cancel = (): void => void reader.cancel().catch(() => undefined)
  // It also keeps the reader: Chromium 156 collects the stream of a blob to which nothing refers but a read that is waited for,
  // which then never ends (our measurement: in most runs over 512 slices of 1 MiB).
  let hasMoved = true
  const watch = setInterval(() => {
    if (!hasMoved) cancel()
    hasMoved = false
  }, READ_TIMEOUT_MS / 2)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    let restBytes = blob.size
    let buffer = new ArrayBuffer(Math.min(CHUNK_BYTES, restBytes))
    while (restBytes > 0) {
      const { done, value } = await reader.read(buffer).catch((error: unknown) => {
        signal.throwIfAborted()
        throw unreadable(error)
      })
      hasMoved = true
      signal.throwIfAborted()
      if (done) throw unreadable(new Error(`${restBytes} of ${blob.size} bytes were not read`))
      yield value
      restBytes -= value.length
      buffer = value.buffer
    }
  } finally {
    clearInterval(watch)
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}

interface ChunkReader {
  /** May use the buffer, which is detached then. */
  read(buffer: ArrayBuffer): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>
  cancel(): Promise<void>
}

function openReader(blob: Blob): ChunkReader {
  const stream = blob.stream()
  try {
    const reader = stream.getReader({ mode: 'byob' })
    return { read: (buffer) => reader.read(new Uint8Array(buffer)), cancel: () => reader.cancel() }
  } catch {
    // Not a byte stream: in Node 20, and in Safari before 26.4.
    const reader = stream.getReader()
    return { read: () => reader.read(), cancel: () => reader.cancel() }
  }
}

/** What is said of a file whose bytes cannot be had any more. */
export function unreadable(cause: unknown): UploadError {
  return new UploadError(
    'FILE_CHANGED',
    'The file can no longer be read: it was changed, moved or deleted during the upload, or its drive does not answer.',
    { cause },
  )
}
