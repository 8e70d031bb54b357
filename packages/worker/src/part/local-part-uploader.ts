import { readBlob } from '../hash/hash-blob.ts'
import type { HashBlob } from '../hash/hash-blob.ts'
import type { FileBytes, HttpClient } from '../http/http-client.ts'
import type { PartUploader } from '../engine/ports.ts'
import { isUploadError } from '../protocol/errors.ts'

/**
 * Sends bodies from this thread. The slice itself is the body, which Chromium reads from disk without a copy in JavaScript;
 * the CRC-64 comes from a second read at the same time. That takes less time than sending what was read for the CRC-64: 3.0
 * against 3.3 s per GiB. (our measurement: docs/where-the-time-goes.md)
 */
export function createLocalPartUploader(http: HttpClient, hashBlob: HashBlob): PartUploader {
  return {
    async send({ request, body, idleTimeoutMs, checksum }, { signal, onProgress }) {
      const failure = new AbortController()
      const either = AbortSignal.any([signal, failure.signal])
      // The first failure stops the other half.
      const stop = (error: unknown): never => {
        failure.abort(error)
        throw error
      }
      const [sending, hashing] = await Promise.allSettled([
        http(request, body, { signal: either, idleTimeoutMs, onProgress }).catch(stop),
        checksum === 'none' ? undefined : hashBlob(body, either).catch(stop),
      ])
      if (sending.status === 'rejected') throw await explain(sending.reason, body, signal)
      if (hashing.status === 'rejected') throw hashing.reason
      return { response: sending.value, crc64: hashing.value?.toString() }
    },
  }
}

/** A browser reports a file that was changed while it is sent as a network error; reading a byte of it tells. */
async function explain(error: unknown, body: FileBytes, signal: AbortSignal): Promise<unknown> {
  if (!isUploadError(error) || error.code !== 'NETWORK' || !(body instanceof Blob)) return error
  return readBlob(body.slice(0, 1), signal).then(
    () => error,
    (readError: unknown) => readError,
  )
}
