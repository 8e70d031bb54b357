import { xmlAnswer, type Answer } from '../http/answer.ts'
import { hasQuery } from '../http/query.ts'
import type { ObjectContext } from './context.ts'
import { readEncoding } from './encoding-type.ts'
import { readAttributes, refuseOverwrite } from './object-headers.ts'

/** InitiateMultipartUpload: every call opens a new upload. */
export async function initiateMultipartUpload(context: ObjectContext): Promise<Answer> {
  const { bucket, key, headers, query, store, nowMs } = context
  const encoding = readEncoding(query)
  // Refused here already, and again by Complete.
  refuseOverwrite(headers, store.objects.get(bucket, key))
  const upload = await store.uploads.begin({
    bucket,
    key,
    initiatedMs: nowMs,
    isSequential: hasQuery(query, 'sequential'),
    ...readAttributes(headers),
  })
  const answer = xmlAnswer([
    'InitiateMultipartUploadResult',
    [...encoding.elements, ['Bucket', bucket], ['Key', encoding.encode(key)], ['UploadId', upload.uploadId]],
  ])
  return { ...answer, uploadId: upload.uploadId }
}
