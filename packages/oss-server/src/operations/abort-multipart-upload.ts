import { emptyAnswer, type Answer } from '../http/answer.ts'
import { noSuchUpload } from '../http/errors.ts'
import type { ObjectContext } from './context.ts'
import { readUploadId } from './part-arguments.ts'

/** AbortMultipartUpload: the parts are removed; one that is still coming in is refused when it ends. */
export async function abortMultipartUpload({ store, bucket, key, query }: ObjectContext): Promise<Answer> {
  const uploadId = readUploadId(query)
  await store.uploads.exclusively(bucket, key, uploadId, async (upload) => {
    if (upload === undefined) throw noSuchUpload('AbortMultipartUpload', uploadId)
    await store.uploads.end(upload)
  })
  return emptyAnswer(204)
}
