import type { Answer } from '../http/answer.ts'
import { abortMultipartUpload } from './abort-multipart-upload.ts'
import { completeMultipartUpload } from './complete-multipart-upload.ts'
import type { BucketContext, ObjectContext, ServiceContext } from './context.ts'
import { deleteObject } from './delete-object.ts'
import { initiateMultipartUpload } from './initiate-multipart-upload.ts'
import { listParts } from './list-parts.ts'
import type { OperationName } from './operation.ts'
import { putObject } from './put-object.ts'
import { getObject, headObject } from './read-object.ts'
import { uploadPart } from './upload-part.ts'

/** How an operation is run, and what it needs to be allowed. */
export type Handler = { readonly access: 'read' | 'write' } & (
  | { readonly on: 'service'; readonly run: (context: ServiceContext) => Promise<Answer> }
  | { readonly on: 'bucket'; readonly run: (context: BucketContext) => Promise<Answer> }
  | { readonly on: 'object'; readonly run: (context: ObjectContext) => Promise<Answer> }
)

/** Handler of each operation. A preflight is answered before authentication and has none. */
export const HANDLERS: Readonly<Partial<Record<Exclude<OperationName, 'Preflight'>, Handler>>> = {
  PutObject: { on: 'object', access: 'write', run: putObject },
  GetObject: { on: 'object', access: 'read', run: getObject },
  HeadObject: { on: 'object', access: 'read', run: headObject },
  DeleteObject: { on: 'object', access: 'write', run: deleteObject },
  InitiateMultipartUpload: { on: 'object', access: 'write', run: initiateMultipartUpload },
  UploadPart: { on: 'object', access: 'write', run: uploadPart },
  CompleteMultipartUpload: { on: 'object', access: 'write', run: completeMultipartUpload },
  AbortMultipartUpload: { on: 'object', access: 'write', run: abortMultipartUpload },
  ListParts: { on: 'object', access: 'read', run: listParts },
}
