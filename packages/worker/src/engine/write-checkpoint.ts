import { inOrder } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import { NEVER } from './send-context.ts'
import type { SendContext } from './send-context.ts'

/** Writes down how far an upload in parts is. Resolves when it will outlive the page. */
export async function writeCheckpoint(context: SendContext, multipart: MultipartUpload): Promise<void> {
  const { credentials, request, memory, checkpoints } = context
  if (memory.fingerprint === undefined) throw new Error('An upload in parts has a fingerprint')
  const { authorization } = await credentials.current(NEVER)
  const { mediaId, destination } = authorization
  const { uploadId, partSizeBytes, createdAtMs } = multipart
  await checkpoints.write({
    fingerprint: memory.fingerprint,
    bucket: destination.bucket,
    key: destination.key,
    uploadId,
    partSizeBytes,
    done: inOrder(multipart),
    mediaId,
    handle: request.handle,
    createdAtMs,
  })
}
