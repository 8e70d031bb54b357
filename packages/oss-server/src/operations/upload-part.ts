import { emptyAnswer, type Answer } from '../http/answer.ts'
import { etagOfMd5 } from '../store/etag.ts'
import type { ObjectContext } from './context.ts'
import { filePart, requireUpload } from './file-part.ts'
import { refuseLateHeaders } from './object-headers.ts'
import { readPartNumber, readUploadId } from './part-arguments.ts'
import { checkBodySize, receiveBody } from './receive.ts'

/** UploadPart. That a part is too small is found by Complete. */
export async function uploadPart(context: ObjectContext): Promise<Answer> {
  const { query, headers, nowMs, limits, store } = context
  const partNumber = readPartNumber(query)
  const uploadId = readUploadId(query)
  refuseLateHeaders(headers)
  const sizeBytes = checkBodySize(context, limits.maxPartBytes)
  const upload = requireUpload(context, uploadId, 'UploadPart')
  const target = store.uploads.reserve(upload, partNumber, sizeBytes)
  try {
    const staged = await receiveBody(context, target)
    const part = await filePart(context, uploadId, 'UploadPart', target, {
      partNumber,
      sizeBytes: staged.sizeBytes,
      etag: etagOfMd5(staged.md5),
      crc64: staged.crc64,
      lastModifiedMs: nowMs,
      home: target.home,
    })
    return emptyAnswer(200, {
      etag: `"${part.etag}"`,
      'x-oss-hash-crc64ecma': String(staged.crc64),
      'content-md5': staged.md5.toString('base64'),
    })
  } catch (error) {
    // The folder of the upload may be gone since it was looked at.
    requireUpload(context, uploadId, 'UploadPart')
    throw error
  } finally {
    await target.release()
  }
}
