// oxlint-disable-next-line typescript/triple-slash-reference -- an ambient module cannot be imported
/// <reference path="./hash-wasm-parts.d.ts" />
import md5Part from 'hash-wasm/dist/md5.umd.min.js'
import { readBlob, WINDOW_BYTES } from './hash-blob.ts'

/** Computes the MD5 of a blob, as 32 lower-case hex digits: what the ETag of a part is. */
export type Md5Blob = (blob: Blob, signal: AbortSignal) => Promise<string>

/**
 * Makes a function that computes the MD5 of blobs. However many are asked for at once, one window of 8 MiB is in
 * memory: one is hashed after the other. The WebAssembly is made at the first use, since most uploads never need it.
 *
 * The function throws `FILE_CHANGED` when the bytes cannot be read, and `signal.reason` when aborted.
 */
export function createMd5Blob(): Md5Blob {
  let hasher: ReturnType<typeof md5Part.createMD5> | undefined
  let last: Promise<unknown> = Promise.resolve()

  const hash: Md5Blob = async (blob, signal) => {
    hasher ??= md5Part.createMD5()
    const md5 = (await hasher).init()
    for (let start = 0; start < blob.size; start += WINDOW_BYTES) {
      signal.throwIfAborted()
      md5.update(new Uint8Array(await readBlob(blob.slice(start, start + WINDOW_BYTES), signal)))
    }
    return md5.digest('hex')
  }
  return (blob, signal) => {
    const own = last.then(() => hash(blob, signal))
    last = own.catch(() => undefined)
    return own
  }
}
