import { inOrder } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import type { SendContext } from './send-context.ts'

/** Writes down how far an upload in parts is. Resolves when it will outlive the page. */
export async function writeCheckpoint(
  { request, memory, checkpoints }: SendContext,
  multipart: MultipartUpload,
): Promise<void> {
  if (memory.fingerprint === undefined) throw new Error('An upload in parts has a fingerprint')
  const { place, uploadId, layout, createdAtMs } = multipart
  await checkpoints.write({
    ...place,
    fingerprint: memory.fingerprint,
    uploadId,
    layout,
    done: inOrder(multipart),
    handle: request.handle,
    createdAtMs,
  })
}
