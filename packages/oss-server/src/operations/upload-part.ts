import { rm } from 'node:fs/promises'
import { emptyAnswer, type Answer } from '../http/answer.ts'
import { etagOfMd5 } from '../store/etag.ts'
import type { ObjectContext } from './context.ts'
import { filePart, requireUpload } from './file-part.ts'
import { refuseLateHeaders } from './object-headers.ts'
import { readPartNumber, readUploadId } from './part-arguments.ts'
import { receiveBody } from './receive.ts'

/** UploadPart. The size is not looked at; Complete does that. */
export async function uploadPart(context: ObjectContext): Promise<Answer> {
  const { query, headers, nowMs, limits } = context
  const partNumber = readPartNumber(query)
  const uploadId = readUploadId(query)
  refuseLateHeaders(headers)
  requireUpload(context, uploadId, 'UploadPart')
  const staged = await receiveBody(context, limits.maxPartBytes)
  try {
    const part = await filePart(context, uploadId, 'UploadPart', staged.path, {
      partNumber,
      sizeBytes: staged.sizeBytes,
      etag: etagOfMd5(staged.md5),
      crc64: staged.crc64,
      lastModifiedMs: nowMs,
    })
    return emptyAnswer(200, {
      etag: `"${part.etag}"`,
      'x-oss-hash-crc64ecma': String(staged.crc64),
      'content-md5': staged.md5.toString('base64'),
    })
  } finally {
    await rm(staged.path, { force: true })
  }
}
