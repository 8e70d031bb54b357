import { rm } from 'node:fs/promises'
import { emptyAnswer, type Answer } from '../http/answer.ts'
import { etagOfMd5 } from '../store/etag.ts'
import { answerWithCallback, readCallback } from './callback.ts'
import type { ObjectContext } from './context.ts'
import { keptHeaders, refuseOverwrite } from './object-headers.ts'
import { checkBodySize, receiveBody } from './receive.ts'

/** PutObject. */
export async function putObject(context: ObjectContext): Promise<Answer> {
  const { bucket, key, headers, store, nowMs, limits } = context
  const kept = keptHeaders(headers)
  const callback = readCallback(context)
  checkBodySize(context, limits.maxPutBytes)
  refuseOverwrite(headers, store.objects.get(bucket, key))

  const stagedPath = store.layout.freshStagingPath()
  try {
    const staged = await receiveBody(context, { path: stagedPath, position: 0 })
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
      stagedPath,
      check: (existing) => refuseOverwrite(headers, existing),
    })
    const answer = emptyAnswer(200, {
      etag: `"${record.etag}"`,
      'x-oss-hash-crc64ecma': String(staged.crc64),
      'content-md5': contentMd5,
    })
    return await answerWithCallback(context, callback, record, answer)
  } finally {
    await rm(stagedPath, { force: true })
  }
}
