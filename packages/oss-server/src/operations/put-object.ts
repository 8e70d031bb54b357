import { emptyAnswer, type Answer } from '../http/answer.ts'
import { fileAlreadyExists } from '../http/errors.ts'
import { etagOfMd5 } from '../store/etag.ts'
import { answerWithCallback, readCallback } from './callback.ts'
import type { ObjectContext } from './context.ts'
import { forbidsOverwrite, keptHeaders } from './object-headers.ts'
import { receiveBody } from './receive.ts'

/** PutObject. */
export async function putObject(context: ObjectContext): Promise<Answer> {
  const { bucket, key, headers, store, nowMs, limits } = context
  const kept = keptHeaders(headers)
  const callback = readCallback(context)
  const refuseExisting = (existing: unknown): void => {
    if (existing !== undefined && forbidsOverwrite(headers)) throw fileAlreadyExists()
  }
  refuseExisting(store.objects.get(bucket, key))

  const staged = await receiveBody(context, limits.maxPutBytes)
  const contentMd5 = staged.md5.toString('base64')
  const record = await store.objects.commit(bucket, {
    facts: {
      key,
      type: 'Normal',
      sizeBytes: staged.sizeBytes,
      etag: etagOfMd5(staged.md5),
      crc64: staged.crc64,
      contentMd5,
      lastModifiedMs: nowMs,
      headers: kept,
    },
    stagedPath: staged.path,
    check: refuseExisting,
  })
  const answer = emptyAnswer(200, {
    etag: `"${record.etag}"`,
    'x-oss-hash-crc64ecma': String(staged.crc64),
    'content-md5': contentMd5,
  })
  return answerWithCallback(context, callback, record, answer)
}
