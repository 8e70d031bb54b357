import { createMD5 } from 'hash-wasm'
import { inWebAssembly } from './in-web-assembly.ts'
import { readChunks } from './read-chunks.ts'

/** Computes the MD5 of a blob, as 32 lower-case hex digits: what the ETag of a part is. */
export type Md5Blob = (blob: Blob, signal: AbortSignal) => Promise<string>

/**
 * Makes a function that computes the MD5 of blobs, one after the other, however many are asked for at once. The
 * WebAssembly is made at the first use, since most uploads never need it.
 *
 * The function throws `FILE_CHANGED` when the bytes cannot be read, and `signal.reason` when aborted.
 */
export function createMd5Blob(): Md5Blob {
  let hasher: ReturnType<typeof createMD5> | undefined
  let last: Promise<unknown> = Promise.resolve()

  const hash: Md5Blob = async (blob, signal) => {
    hasher ??= inWebAssembly('MD5', () => createMD5())
    const md5 = (await hasher).init()
    for await (const chunk of readChunks(blob, signal)) md5.update(chunk)
    return md5.digest('hex')
  }
  return (blob, signal) => {
    const own = last.then(() => hash(blob, signal))
    last = own.catch(() => undefined)
    return own
  }
}
