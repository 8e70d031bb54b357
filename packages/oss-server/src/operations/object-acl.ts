import type { BucketAcl } from '../auth/authorize.ts'
import { xmlAnswer, type Answer } from '../http/answer.ts'
import { invalidArgument, noSuchKey } from '../http/errors.ts'
import { OBJECT_ACLS, type ObjectAcl, type ObjectRecord } from '../store/object-record.ts'
import type { ObjectContext } from './context.ts'
import { LOCAL_OWNER } from './owner.ts'

/**
 * Reads the ACL that a request gives its object.
 *
 * @param value value of `x-oss-object-acl`
 * @throws OssError InvalidArgument
 */
export function parseObjectAcl(value: string | undefined): ObjectAcl {
  if (value === undefined) return 'default'
  const acl = OBJECT_ACLS.find((known) => known === value)
  if (acl === undefined) {
    throw invalidArgument('The x-oss-object-acl you specified is invalid.', 'x-oss-object-acl', value)
  }
  return acl
}

/** What anonymous requests for an object are judged by: its own ACL comes before the bucket's (page Object ACL). */
export function effectiveAcl(record: ObjectRecord | undefined, bucketAcl: BucketAcl): BucketAcl {
  return record === undefined || record.acl === 'default' ? bucketAcl : record.acl
}

/** GetObjectAcl. */
export async function getObjectAcl({ store, bucket, key }: ObjectContext): Promise<Answer> {
  const record = store.objects.get(bucket, key)
  if (record === undefined) throw noSuchKey(key)
  return xmlAnswer(['AccessControlPolicy', [LOCAL_OWNER, ['AccessControlList', [['Grant', record.acl]]]]])
}
