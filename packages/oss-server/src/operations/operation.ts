import { methodNotAllowed, missingArgument, notImplemented } from '../http/errors.ts'
import type { OssError } from '../http/oss-error.ts'
import { hasQuery, queryValue, type Query } from '../http/query.ts'
import type { Target } from '../http/target.ts'
import type { RequestHeaders } from '../http/headers.ts'

/** All that the server can be asked for: the `op` of access log lines and fault orders. */
export const OPERATION_NAMES = [
  'Preflight',
  'ListBuckets',
  'PutBucket',
  'DeleteBucket',
  'ListObjects',
  'ListObjectsV2',
  'ListMultipartUploads',
  'PutObject',
  'PostObject',
  'AppendObject',
  'GetObject',
  'HeadObject',
  'GetObjectAcl',
  'GetObjectTagging',
  'DeleteObject',
  'InitiateMultipartUpload',
  'UploadPart',
  'UploadPartCopy',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'ListParts',
] as const

/** Name of an operation, as in the service's documentation. `Preflight` is its OptionObject. */
export type OperationName = (typeof OPERATION_NAMES)[number]

/** Operations that run after authentication: all but the preflight. */
export type SignedOperationName = Exclude<OperationName, 'Preflight'>

/** What {@link classify} makes of a request. */
export type Classified =
  | { readonly kind: 'preflight' }
  | { readonly kind: 'operation'; readonly operation: SignedOperationName }
  | { readonly kind: 'unknown'; readonly error: OssError }

/** Sub-resources of the service that this server does not have: better refused than mistaken for a put. */
const FOREIGN_SUBRESOURCES: ReadonlySet<string> = new Set(
  `acl asyncFetch bucketInfo cors delete encryption img inventory lifecycle link live location logging metaQuery
  policy qosInfo referer replication requestPayment resourceGroup restore seal stat style symlink tagging
  transferAcceleration versioning versions vod website worm x-oss-async-process x-oss-process`.split(/\s+/),
)

/** Finds the operation of a request. */
export function classify(method: string, target: Target, headers: RequestHeaders): Classified {
  if (method === 'OPTIONS') return { kind: 'preflight' }
  const result = operationOf(method, target, headers)
  return typeof result === 'string'
    ? { kind: 'operation', operation: result }
    : { kind: 'unknown', error: result }
}

function operationOf(
  method: string,
  target: Target,
  headers: RequestHeaders,
): SignedOperationName | OssError {
  const { bucket, key, query } = target
  if (method === 'GET' && key !== undefined) {
    if (hasQuery(query, 'acl')) return 'GetObjectAcl'
    if (hasQuery(query, 'tagging')) return 'GetObjectTagging'
  }
  const foreign = query.find(([name]) => FOREIGN_SUBRESOURCES.has(name))
  if (foreign !== undefined) return notImplemented(foreign[0])
  if (bucket === undefined) return method === 'GET' ? 'ListBuckets' : methodNotAllowed(method, 'SERVICE')
  return key === undefined ? bucketOperation(method, query) : objectOperation(method, query, headers)
}

function bucketOperation(method: string, query: Query): SignedOperationName | OssError {
  switch (method) {
    case 'PUT':
      return 'PutBucket'
    case 'POST':
      return 'PostObject'
    case 'DELETE':
      return 'DeleteBucket'
    case 'GET':
      if (hasQuery(query, 'uploads')) return 'ListMultipartUploads'
      return queryValue(query, 'list-type') === '2' ? 'ListObjectsV2' : 'ListObjects'
    default:
      return methodNotAllowed(method, 'BUCKET')
  }
}

function objectOperation(
  method: string,
  query: Query,
  headers: RequestHeaders,
): SignedOperationName | OssError {
  const hasUploadId = hasQuery(query, 'uploadId')
  switch (method) {
    case 'PUT':
      return putOperation(hasUploadId, hasQuery(query, 'partNumber'), headers.has('x-oss-copy-source'))
    case 'POST':
      if (hasQuery(query, 'append')) return 'AppendObject'
      if (hasUploadId) return 'CompleteMultipartUpload'
      return hasQuery(query, 'uploads') ? 'InitiateMultipartUpload' : methodNotAllowed(method, 'OBJECT')
    case 'GET':
      return hasUploadId ? 'ListParts' : 'GetObject'
    case 'HEAD':
      return 'HeadObject'
    case 'DELETE':
      return hasUploadId ? 'AbortMultipartUpload' : 'DeleteObject'
    default:
      return methodNotAllowed(method, 'OBJECT')
  }
}

function putOperation(
  hasUploadId: boolean,
  hasPartNumber: boolean,
  isCopy: boolean,
): SignedOperationName | OssError {
  if (hasUploadId && hasPartNumber) return isCopy ? 'UploadPartCopy' : 'UploadPart'
  if (hasUploadId) return missingArgument('partNumber')
  if (hasPartNumber) return missingArgument('uploadId')
  // CopyObject is not here; taken for a PutObject it would store an empty object.
  return isCopy ? notImplemented('x-oss-copy-source') : 'PutObject'
}
