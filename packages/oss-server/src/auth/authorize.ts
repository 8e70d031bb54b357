import { accessDenied } from '../http/errors.ts'
import type { OperationName } from '../operations/operation.ts'
import type { Identity } from './authenticate.ts'
import type { TokenScope } from './tokens.ts'

/** Who may do what without credentials (page Bucket ACL). */
export type BucketAcl = 'private' | 'public-read' | 'public-read-write'

/** One access to be allowed or refused. */
export interface Access {
  /** `undefined`: none that this server has. */
  readonly operation: OperationName | undefined
  readonly bucket: string | undefined
  readonly key: string | undefined
  readonly kind: 'read' | 'write'
  readonly acl: BucketAcl
}

/**
 * Checks that an identity may do what it asks for. Permanent keys own everything; temporary ones are held to
 * the scope of their token; anonymous requests to the bucket's ACL.
 *
 * @throws OssError AccessDenied
 */
export function authorize(identity: Identity, access: Access): void {
  switch (identity.kind) {
    case 'permanent':
      return
    case 'temporary':
      if (!isInScope(identity.scope, access)) {
        throw accessDenied("Access denied by authorizer's policy.")
      }
      return
    case 'anonymous':
      if (!isPublic(access)) {
        throw accessDenied('You have no right to access this object because of bucket acl.')
      }
  }
}

function isInScope(scope: TokenScope, { operation, bucket, key }: Access): boolean {
  const isDenied = operation !== undefined && (scope.denyOperations?.includes(operation) ?? false)
  if (bucket !== scope.bucket || isDenied) return false
  const isWholeBucket = scope.keys === undefined && scope.keyPrefix === undefined
  if (isWholeBucket) return true
  if (key === undefined) return false
  return (
    (scope.keys?.includes(key) ?? false) || (scope.keyPrefix !== undefined && key.startsWith(scope.keyPrefix))
  )
}

function isPublic({ acl, kind, key }: Access): boolean {
  if (key === undefined || acl === 'private') return false
  return acl === 'public-read-write' || kind === 'read'
}
