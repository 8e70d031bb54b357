import { emptyAnswer, type Answer } from '../http/answer.ts'
import { answerWithCallback, readCallback } from './callback.ts'
import type { ObjectContext } from './context.ts'
import { readAttributes, refuseOverwrite } from './object-headers.ts'
import { checkBodySize, receiveBody } from './receive.ts'
import { storedHeaders, storeObject } from './store-object.ts'

/** PutObject. */
export async function putObject(context: ObjectContext): Promise<Answer> {
  const { bucket, key, headers, store, limits } = context
  const attributes = readAttributes(headers)
  const callback = readCallback(context)
  checkBodySize(context, limits.maxPutBytes)
  refuseOverwrite(headers, store.objects.get(bucket, key))
  const record = await storeObject(context, attributes, (target) => receiveBody(context, target))
  return answerWithCallback(context, callback, record, emptyAnswer(200, storedHeaders(record)))
}
