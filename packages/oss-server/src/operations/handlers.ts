import type { Answer } from '../http/answer.ts'
import { abortMultipartUpload } from './abort-multipart-upload.ts'
import { completeMultipartUpload } from './complete-multipart-upload.ts'
import { appendObject } from './append-object.ts'
import { deleteBucket, listBuckets, putBucket } from './buckets.ts'
import type { BucketContext, ObjectContext, PostContext, ServiceContext } from './context.ts'
import { deleteObject } from './delete-object.ts'
import { initiateMultipartUpload } from './initiate-multipart-upload.ts'
import { listMultipartUploads } from './list-multipart-uploads.ts'
import { listObjects, listObjectsV2 } from './list-objects.ts'
import { listParts } from './list-parts.ts'
import { getObjectAcl } from './object-acl.ts'
import { getObjectTagging } from './object-tagging.ts'
import type { SignedOperationName } from './operation.ts'
import { postObject } from './post-object.ts'
import { putObject } from './put-object.ts'
import { getObject, headObject } from './read-object.ts'
import { uploadPartCopy } from './upload-part-copy.ts'
import { uploadPart } from './upload-part.ts'

/** How an operation is run. `access` is what anonymous requests are judged by. */
export type Handler = { readonly access: 'read' | 'write' } & (
  | { readonly on: 'service'; readonly run: (context: ServiceContext) => Promise<Answer> }
  | { readonly on: 'bucket'; readonly run: (context: BucketContext) => Promise<Answer> }
  | { readonly on: 'object'; readonly run: (context: ObjectContext) => Promise<Answer> }
  | { readonly on: 'form'; readonly run: (context: PostContext) => Promise<Answer> }
)

/** Handler of each operation. A preflight is answered before authentication and has none. */
export const HANDLERS: Readonly<Record<SignedOperationName, Handler>> = {
  ListBuckets: { on: 'service', access: 'read', run: listBuckets },
  PutBucket: { on: 'bucket', access: 'write', run: putBucket },
  DeleteBucket: { on: 'bucket', access: 'write', run: deleteBucket },
  ListObjects: { on: 'bucket', access: 'read', run: listObjects },
  ListObjectsV2: { on: 'bucket', access: 'read', run: listObjectsV2 },
  ListMultipartUploads: { on: 'bucket', access: 'read', run: listMultipartUploads },
  PutObject: { on: 'object', access: 'write', run: putObject },
  PostObject: { on: 'form', access: 'write', run: postObject },
  AppendObject: { on: 'object', access: 'write', run: appendObject },
  GetObject: { on: 'object', access: 'read', run: getObject },
  HeadObject: { on: 'object', access: 'read', run: headObject },
  GetObjectAcl: { on: 'object', access: 'write', run: getObjectAcl },
  GetObjectTagging: { on: 'object', access: 'read', run: getObjectTagging },
  DeleteObject: { on: 'object', access: 'write', run: deleteObject },
  InitiateMultipartUpload: { on: 'object', access: 'write', run: initiateMultipartUpload },
  UploadPart: { on: 'object', access: 'write', run: uploadPart },
  UploadPartCopy: { on: 'object', access: 'write', run: uploadPartCopy },
  CompleteMultipartUpload: { on: 'object', access: 'write', run: completeMultipartUpload },
  AbortMultipartUpload: { on: 'object', access: 'write', run: abortMultipartUpload },
  ListParts: { on: 'object', access: 'write', run: listParts },
}
