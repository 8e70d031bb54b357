import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'

const COPY_BUFFER_BYTES = 1024 * 1024

/** One piece of the object to be. */
export interface Piece {
  readonly path: string
  /** First byte in the file. */
  readonly start: number
  readonly sizeBytes: number
}

/**
 * Writes pieces one after the other into a new file. Memory stays at one buffer.
 *
 * @param pieces pieces in order
 * @param path file to create
 * @param options `withMd5`: digest the whole on the way
 * @returns MD5 of the whole, if asked for
 */
export async function joinPieces(
  pieces: readonly Piece[],
  path: string,
  options: { readonly withMd5: boolean },
): Promise<Buffer | undefined> {
  const md5 = options.withMd5 ? createHash('md5') : undefined
  const buffer = Buffer.allocUnsafe(COPY_BUFFER_BYTES)
  const target = await open(path, 'wx')
  try {
    for (const piece of pieces) {
      for await (const bytes of readPiece(piece, buffer)) {
        md5?.update(bytes)
        await writeAll(target, bytes)
      }
    }
  } finally {
    await target.close()
  }
  return md5?.digest()
}

/** Every chunk is in the same buffer. */
async function* readPiece({ path, start, sizeBytes }: Piece, buffer: Buffer): AsyncGenerator<Buffer, void> {
  const source = await open(path, 'r')
  try {
    for (let copied = 0; copied < sizeBytes;) {
      const length = Math.min(buffer.length, sizeBytes - copied)
      const { bytesRead } = await source.read(buffer, 0, length, start + copied)
      if (bytesRead === 0) throw new Error(`${path} ends within a stored part`)
      yield buffer.subarray(0, bytesRead)
      copied += bytesRead
    }
  } finally {
    await source.close()
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written)).bytesWritten
  }
}
