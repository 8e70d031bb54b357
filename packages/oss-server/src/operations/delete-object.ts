import { emptyAnswer, type Answer } from '../http/answer.ts'
import type { ObjectContext } from './context.ts'

/** DeleteObject: 204, also when there is no such object. */
export async function deleteObject({ store, bucket, key }: ObjectContext): Promise<Answer> {
  await store.objects.remove(bucket, key)
  return emptyAnswer(204)
}
