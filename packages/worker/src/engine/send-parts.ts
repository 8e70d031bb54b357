import { coalesceWrites } from '../checkpoint/coalesce-writes.ts'
import { uploadPart } from '../oss/operations.ts'
import { countParts } from '../plan/layout.ts'
import type { Part } from '../plan/layout.ts'
import { isUploadError } from '../protocol/errors.ts'
import { remedyFor } from '../retry/remedy.ts'
import type { Release } from './connection-budget.ts'
import { missingParts, storedCrc64, storedEtag, verifyCrc64 } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import { UploadGone } from './send-context.ts'
import type { SendContext } from './send-context.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

/**
 * Sends what is missing. The first failure stops the other parts, and all have ended when this returns.
 *
 * @throws {UploadGone} when the service does not know the upload any more
 */
export async function sendParts(
  context: SendContext,
  multipart: MultipartUpload,
  signal: AbortSignal,
): Promise<void> {
  const { client, request } = context
  const failure = new AbortController()
  const partSignal = AbortSignal.any([signal, failure.signal])
  const record = coalesceWrites(() => writeCheckpoint(context, multipart))

  const sendPart = async ({ partNumber, start, end }: Part, release: Release): Promise<void> => {
    try {
      const what = `part ${partNumber} of ${countParts(multipart.layout, multipart.sizeBytes)}`
      const part = await client.sendBlob(
        (key) => uploadPart(key, multipart.uploadId, partNumber),
        request.file.slice(start, end),
        {
          what: `PUT ${what}`,
          signal: partSignal,
          onProgress: (sentBytes) => context.onInFlight(partNumber, sentBytes),
        },
        ({ response, crc64 }) => {
          const verified = verifyCrc64(what, crc64, storedCrc64(response))
          return { partNumber, sizeBytes: end - start, crc64, etag: storedEtag(response), verified }
        },
      )
      multipart.done.set(partNumber, part)
      // The connection is free for the next part while the checkpoint is being written.
      release()
      await record()
      multipart.recordedBytes += end - start
    } catch (error) {
      const isGone = isUploadError(error) && remedyFor(error) === 'restart-upload'
      failure.abort(
        isGone ? new UploadGone('The service does not know the upload any more', { cause: error }) : error,
      )
    } finally {
      context.onInFlight(partNumber, 0)
      release()
    }
  }

  const sends: Promise<void>[] = []
  for (const part of missingParts(multipart)) {
    const release = await client.acquire(partSignal).catch((error: unknown) => {
      failure.abort(error)
      return undefined
    })
    if (release === undefined) break
    sends.push(sendPart(part, release))
  }
  await Promise.all(sends)
  partSignal.throwIfAborted()
}
