import { uploadPart } from '../oss/operations.ts'
import { countParts } from '../plan/plan-parts.ts'
import type { Part } from '../plan/plan-parts.ts'
import type { Release } from './connection-budget.ts'
import { missingParts, storedCrc64, storedEtag, verifyCrc64 } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import type { OssClient } from './oss-client.ts'
import type { SendContext } from './send-context.ts'

/** Sends what is missing. The first failure stops the other parts, and all have ended when this returns. */
export async function sendParts(
  context: SendContext,
  client: OssClient,
  multipart: MultipartUpload,
  signal: AbortSignal,
): Promise<void> {
  const failure = new AbortController()
  const partSignal = AbortSignal.any([signal, failure.signal])

  const sendPart = async (part: Part, release: Release): Promise<void> => {
    const { partNumber, start, end } = part
    try {
      const what = `part ${partNumber} of ${countParts(multipart.sizeBytes, multipart.partSizeBytes)}`
      const { response, crc64 } = await client.sendBlob(
        uploadPart(client.destination.key, multipart.uploadId, partNumber),
        context.request.file.slice(start, end),
        {
          what: `PUT ${what}`,
          signal: partSignal,
          idleTimeoutMs: context.settings.stallTimeoutMs,
          onProgress: (sentBytes) => context.onInFlight(partNumber, sentBytes),
        },
      )
      const verified = verifyCrc64(what, crc64, storedCrc64(response))
      const etag = storedEtag(response)
      multipart.done.set(partNumber, { partNumber, sizeBytes: end - start, crc64, etag, verified })
    } catch (error) {
      failure.abort(error)
    } finally {
      context.onInFlight(partNumber, 0)
      release()
    }
  }

  const sends: Promise<void>[] = []
  for (const part of missingParts(multipart)) {
    const release = await client.acquirePart(partSignal).catch(() => undefined)
    if (release === undefined) break
    sends.push(sendPart(part, release))
  }
  await Promise.all(sends)
  partSignal.throwIfAborted()
}
