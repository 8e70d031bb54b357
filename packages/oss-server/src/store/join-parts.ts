import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'

const COPY_BUFFER_BYTES = 1024 * 1024

/** One piece of the object to be. */
export interface Piece {
  readonly path: string
  readonly sizeBytes: number
}

/**
 * Writes pieces one after the other into a new file. Memory stays at one buffer.
 *
 * @param pieces files in order
 * @param path file to create; removed again on failure
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
      const source = await open(piece.path, 'r')
      try {
        for (let copied = 0; copied < piece.sizeBytes;) {
          const length = Math.min(buffer.length, piece.sizeBytes - copied)
          const { bytesRead } = await source.read(buffer, 0, length, copied)
          if (bytesRead === 0) throw new Error(`stored part ${piece.path} is shorter than its name says`)
          const bytes = buffer.subarray(0, bytesRead)
          md5?.update(bytes)
          await writeAll(target, bytes)
          copied += bytesRead
        }
      } finally {
        await source.close()
      }
    }
    await target.close()
  } catch (error) {
    await target.close()
    await rm(path, { force: true })
    throw error
  }
  return md5?.digest()
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written)
    written += bytesWritten
  }
}
