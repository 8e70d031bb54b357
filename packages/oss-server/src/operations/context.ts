import type { Form } from '../http/form-data.ts'
import type { RequestHeaders } from '../http/headers.ts'
import type { Query } from '../http/query.ts'
import type { Store } from '../store/store.ts'
import type { SignedOperationName } from './operation.ts'

/** Body of a request as operations see it: slowed down already, faults included. */
export interface RequestBody {
  /** Content-Length; 0 when there is no body; `undefined` when it is chunked. */
  readonly declaredBytes: number | undefined
  chunks(): AsyncIterable<Buffer>
  /** Speed limit of the request, which holds for an object in its answer too. */
  readonly bytesPerSecond: () => number | undefined
}

/** Limits that a test may lower. */
export interface ServerLimits {
  /** Largest body of PutObject and PostObject, and largest appendable object, in bytes. */
  readonly maxPutBytes: number
  /** Largest part, in bytes. */
  readonly maxPartBytes: number
  /** Smallest part before the last, in bytes. */
  readonly minPartBytes: number
}

/** What every operation can use. */
export interface ServiceContext {
  readonly operation: SignedOperationName
  readonly method: string
  readonly query: Query
  readonly headers: RequestHeaders
  readonly body: RequestBody
  readonly store: Store
  readonly limits: ServerLimits
  readonly requestId: string
  /** Host header of the request. */
  readonly host: string
  /** Epoch ms of the server's clock, as this request sees it. */
  readonly nowMs: number
  /** Whether parts made by UploadPartCopy have a CRC-64; the service's recorded answer has none. */
  readonly copiedPartsHaveCrc: boolean
  /** The callback that the client ordered is to fail. */
  readonly isCallbackDoomed: boolean
  readonly isAnonymous: boolean
  /** Checks that the sender may also read another object. */
  readonly authorizeRead: (bucket: string, key: string) => void
}

/** Context of operations on a bucket. */
export interface BucketContext extends ServiceContext {
  readonly bucket: string
}

/** Context of operations on an object, whose key follows the rules. */
export interface ObjectContext extends BucketContext {
  readonly key: string
}

/** Context of PostObject: the headers are those that the form's fields stand for, the body is the file. */
export interface PostContext extends ObjectContext {
  readonly form: Form
  /** Address of the bucket as the client wrote it, without a slash at its end. */
  readonly bucketUrl: string
}
