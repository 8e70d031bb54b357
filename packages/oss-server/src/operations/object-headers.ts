import { fileAlreadyExists, invalidArgument } from '../http/errors.ts'
import { OssError } from '../http/oss-error.ts'
import type { RequestHeaders } from '../http/headers.ts'
import { MAX_META_BYTES } from '../limits.ts'
import type { ObjectAttributes, ObjectRecord } from '../store/object-record.ts'
import { parseObjectAcl } from './object-acl.ts'
import { parseTagging } from './object-tagging.ts'

/** Request headers that come back with the object (page PutObject). */
const KEPT_HEADERS: readonly string[] = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-oss-storage-class',
]

const STORAGE_CLASSES: readonly string[] = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']

const DEFAULT_CONTENT_TYPE = 'application/octet-stream'

/**
 * Reads what the headers of a request say about the object that it makes.
 *
 * @throws OssError InvalidArgument for an unknown storage class or ACL and malformed tags, InvalidTaggingKey,
 * MetadataTooLarge over 8 KB of `x-oss-meta-*`
 */
export function readAttributes(headers: RequestHeaders): ObjectAttributes {
  return {
    headers: keptHeaders(headers),
    acl: parseObjectAcl(headers.get('x-oss-object-acl')),
    tags: parseTagging(headers.get('x-oss-tagging')),
  }
}

/** What was said about an object or an upload, for the object that comes of it. */
export function attributesOf({ headers, acl, tags }: ObjectAttributes): ObjectAttributes {
  return { headers, acl, tags }
}

function keptHeaders(headers: RequestHeaders): Record<string, string> {
  const kept: Record<string, string> = {
    'content-type': DEFAULT_CONTENT_TYPE,
    'x-oss-storage-class': 'Standard',
  }
  let metaBytes = 0
  for (const [name, value] of headers) {
    const isMeta = name.startsWith('x-oss-meta-')
    if (isMeta) metaBytes += Buffer.byteLength(name) + Buffer.byteLength(value)
    if (value !== '' && (isMeta || KEPT_HEADERS.includes(name))) kept[name] = value
  }
  if (metaBytes > MAX_META_BYTES) {
    throw new OssError(
      400,
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size.',
    )
  }
  const storageClass = kept['x-oss-storage-class'] ?? ''
  if (!STORAGE_CLASSES.includes(storageClass)) {
    throw invalidArgument('The storage class you specified is invalid.', 'x-oss-storage-class', storageClass)
  }
  return kept
}

/**
 * Refuses headers that belong to the beginning of an upload (pages UploadPart, CompleteMultipartUpload).
 *
 * @throws OssError InvalidArgument
 */
export function refuseLateHeaders(headers: RequestHeaders): void {
  for (const name of ['x-oss-server-side-encryption', 'x-oss-storage-class']) {
    const value = headers.get(name)
    if (value !== undefined) {
      throw invalidArgument(`${name} is not allowed for this operation.`, name, value)
    }
  }
}

/**
 * Leaves an existing object alone when `x-oss-forbid-overwrite` says so.
 *
 * @throws OssError FileAlreadyExists
 */
export function refuseOverwrite(headers: RequestHeaders, existing: ObjectRecord | undefined): void {
  const isForbidden = headers.get('x-oss-forbid-overwrite')?.toLowerCase() === 'true'
  if (isForbidden && existing !== undefined) throw fileAlreadyExists()
}
