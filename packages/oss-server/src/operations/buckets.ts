import { emptyAnswer, xmlAnswer, type Answer } from '../http/answer.ts'
import { bucketNotEmpty, invalidArgument } from '../http/errors.ts'
import { ALLOW_ALL_RULE } from '../http/cors.ts'
import type { RequestHeaders } from '../http/headers.ts'
import { toXmlTime } from '../http/time.ts'
import type { XmlNode } from '../http/xml.ts'
import type { BucketAcl } from '../auth/authorize.ts'
import type { BucketContext, ServiceContext } from './context.ts'
import { LOCAL_OWNER } from './owner.ts'

/** PutBucket. A bucket that exists keeps its settings, but takes a new ACL. The body is not looked at. */
export async function putBucket({ store, bucket, headers, nowMs }: BucketContext): Promise<Answer> {
  const existing = store.buckets.get(bucket)
  await store.buckets.put(bucket, {
    createdMs: existing?.createdMs ?? nowMs,
    acl: readAcl(headers) ?? existing?.acl ?? 'private',
    cors: existing?.cors ?? [ALLOW_ALL_RULE],
    responseVary: existing?.responseVary ?? false,
  })
  return emptyAnswer(200, { location: `/${bucket}` })
}

function readAcl(headers: RequestHeaders): BucketAcl | undefined {
  const value = headers.get('x-oss-acl')
  switch (value) {
    case undefined:
    case 'private':
    case 'public-read':
    case 'public-read-write':
      return value
    default:
      throw invalidArgument('no such bucket access control exists', 'x-oss-acl', value)
  }
}

/** DeleteBucket. Open uploads keep a bucket from being empty. */
export async function deleteBucket({ store, bucket }: BucketContext): Promise<Answer> {
  if (store.objects.list(bucket).length > 0 || store.uploads.list(bucket).length > 0) {
    throw bucketNotEmpty(bucket)
  }
  await store.buckets.remove(bucket)
  return emptyAnswer(204)
}

/** GetService, also called ListBuckets; one page. */
export async function listBuckets({ store }: ServiceContext): Promise<Answer> {
  const buckets = store.buckets.names().map((name): XmlNode => [
    'Bucket',
    [
      ['Name', name],
      ['CreationDate', toXmlTime(store.buckets.get(name)?.createdMs ?? 0)],
      ['StorageClass', 'Standard'],
    ],
  ])
  return xmlAnswer(['ListAllMyBucketsResult', [LOCAL_OWNER, ['Buckets', buckets]]])
}
