import { methodNotAllowed, missingArgument, notImplemented } from '../http/errors.ts'
import { hasQuery } from '../http/query.ts'
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
  'AppendObject',
  'GetObject',
  'HeadObject',
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

/** What {@link classify} makes of a request line. */
export type Classified =
  | { readonly kind: 'operation'; readonly operation: OperationName }
  | { readonly kind: 'unknown'; readonly error: Error }

/** Sub-resources that choose the operation. Any other signed name is a parameter. */
const KNOWN_SUBRESOURCES: ReadonlySet<string> = new Set([
  'uploads',
  'uploadId',
  'partNumber',
  'append',
  'objectMeta',
])

/** Sub-resources of the service that this server does not have: better refused than mistaken for a put. */
const FOREIGN_SUBRESOURCES: ReadonlySet<string> = new Set(
  `acl asyncFetch bucketInfo cors delete encryption img inventory lifecycle link live location logging metaQuery
  policy qosInfo referer replication requestPayment resourceGroup restore seal stat style symlink tagging
  transferAcceleration versioning versions vod website worm x-oss-async-process x-oss-process`.split(/\s+/),
)

/** Finds the operation of a request. */
export function classify(method: string, target: Target, headers: RequestHeaders): Classified {
  if (method === 'OPTIONS') return { kind: 'operation', operation: 'Preflight' }
  const { bucket, key, query } = target
  const foreign = query.find(([name]) => FOREIGN_SUBRESOURCES.has(name) && !KNOWN_SUBRESOURCES.has(name))
  if (foreign !== undefined) return { kind: 'unknown', error: notImplemented(foreign[0]) }
  if (bucket === undefined) {
    if (method === 'GET') return { kind: 'operation', operation: 'ListBuckets' }
    return { kind: 'unknown', error: methodNotAllowed(method, 'SERVICE') }
  }
  return key === undefined ? classifyBucket(method, target) : classifyObject(method, target, headers)
}

function classifyBucket(method: string, { query }: Target): Classified {
  const operation = ((): OperationName | undefined => {
    switch (method) {
      case 'PUT':
        return 'PutBucket'
      case 'DELETE':
        return 'DeleteBucket'
      case 'GET':
        if (hasQuery(query, 'uploads')) return 'ListMultipartUploads'
        return query.some(([name, value]) => name === 'list-type' && value === '2')
          ? 'ListObjectsV2'
          : 'ListObjects'
      default:
        return undefined
    }
  })()
  if (operation === undefined) return { kind: 'unknown', error: methodNotAllowed(method, 'BUCKET') }
  return { kind: 'operation', operation }
}

function classifyObject(method: string, { query }: Target, headers: RequestHeaders): Classified {
  const hasUploadId = hasQuery(query, 'uploadId')
  switch (method) {
    case 'PUT':
      if (hasUploadId || hasQuery(query, 'partNumber')) {
        return classifyPart(hasUploadId && hasQuery(query, 'partNumber'), hasUploadId, headers)
      }
      if (headers.has('x-oss-copy-source'))
        return { kind: 'unknown', error: notImplemented('x-oss-copy-source') }
      return { kind: 'operation', operation: 'PutObject' }
    case 'POST':
      if (hasQuery(query, 'append')) return { kind: 'operation', operation: 'AppendObject' }
      if (hasUploadId) return { kind: 'operation', operation: 'CompleteMultipartUpload' }
      if (hasQuery(query, 'uploads')) return { kind: 'operation', operation: 'InitiateMultipartUpload' }
      return { kind: 'unknown', error: methodNotAllowed(method, 'OBJECT') }
    case 'GET':
      return { kind: 'operation', operation: hasUploadId ? 'ListParts' : 'GetObject' }
    case 'HEAD':
      return { kind: 'operation', operation: 'HeadObject' }
    case 'DELETE':
      return { kind: 'operation', operation: hasUploadId ? 'AbortMultipartUpload' : 'DeleteObject' }
    default:
      return { kind: 'unknown', error: methodNotAllowed(method, 'OBJECT') }
  }
}

function classifyPart(isWhole: boolean, hasUploadId: boolean, headers: RequestHeaders): Classified {
  if (!isWhole) {
    return { kind: 'unknown', error: missingArgument(hasUploadId ? 'partNumber' : 'uploadId') }
  }
  return {
    kind: 'operation',
    operation: headers.has('x-oss-copy-source') ? 'UploadPartCopy' : 'UploadPart',
  }
}
