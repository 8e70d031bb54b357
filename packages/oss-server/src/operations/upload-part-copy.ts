import { xmlAnswer, type Answer } from '../http/answer.ts'
import { entityTooLarge, invalidArgument, invalidRange, noSuchBucket, noSuchKey } from '../http/errors.ts'
import { OssError } from '../http/oss-error.ts'
import { decodePercent } from '../http/percent.ts'
import { toXmlTime } from '../http/time.ts'
import { etagOfMd5 } from '../store/etag.ts'
import type { ObjectRecord } from '../store/object-record.ts'
import { stageBody, type StagedBody, type StageTarget } from '../store/stage-body.ts'
import { parseByteRange, type ByteRange } from './byte-range.ts'
import { checkConditions } from './conditions.ts'
import type { ObjectContext } from './context.ts'
import { filePart, requireUpload } from './file-part.ts'
import { refuseLateHeaders } from './object-headers.ts'
import { readPartNumber, readUploadId } from './part-arguments.ts'

interface Source {
  readonly bucket: string
  readonly record: ObjectRecord
  readonly range: ByteRange
  readonly isRanged: boolean
}

/** UploadPartCopy: a part made of an object, or of a range of one. */
export async function uploadPartCopy(context: ObjectContext): Promise<Answer> {
  const { query, headers, nowMs, limits, copiedPartsHaveCrc, store } = context
  const partNumber = readPartNumber(query)
  const uploadId = readUploadId(query)
  refuseLateHeaders(headers)
  const upload = requireUpload(context, uploadId, 'UploadPartCopy')
  const source = findSource(context)
  const { record, range, isRanged } = source
  const sizeBytes = range.end - range.start
  if (sizeBytes > limits.maxPartBytes) throw entityTooLarge()

  const target = store.uploads.reserve(upload, partNumber, sizeBytes)
  try {
    const staged = await stageSource(context, source, target)
    const part = await filePart(context, uploadId, 'UploadPartCopy', target, {
      partNumber,
      sizeBytes: staged.sizeBytes,
      etag: etagOfMd5(staged.md5),
      crc64: copiedPartsHaveCrc ? staged.crc64 : undefined,
      lastModifiedMs: nowMs,
      home: target.home,
    })
    return xmlAnswer(
      [
        'CopyPartResult',
        [
          ['LastModified', toXmlTime(part.lastModifiedMs)],
          ['ETag', `"${part.etag}"`],
        ],
      ],
      {
        etag: `"${part.etag}"`,
        ...(part.crc64 !== undefined && { 'x-oss-hash-crc64ecma': String(part.crc64) }),
        ...(isRanged && {
          'content-range': `bytes ${range.start}-${range.end - 1}/${record.sizeBytes}`,
        }),
      },
    )
  } catch (error) {
    // The folder of the upload may be gone since it was looked at.
    requireUpload(context, uploadId, 'UploadPartCopy')
    throw error
  } finally {
    await target.release()
  }
}

function findSource({ headers, store, authorizeRead }: ObjectContext): Source {
  const { bucket, key } = parseCopySource(headers.get('x-oss-copy-source') ?? '')
  if (store.buckets.get(bucket) === undefined) throw noSuchBucket(bucket)
  authorizeRead(bucket, key)
  const record = store.objects.get(bucket, key)
  if (record === undefined) throw noSuchKey(key)
  if (record.type === 'Appendable') {
    throw new OssError(400, 'OperationNotSupported', 'The operation is not supported for this object type.')
  }
  if (record.headers['x-oss-storage-class']?.endsWith('Archive') === true) {
    throw new OssError(403, 'InvalidObjectState', "The operation is not valid for the object's state.")
  }
  checkConditions(headers, record, 'x-oss-copy-source-')
  const asked = parseByteRange(headers.get('x-oss-copy-source-range'), record.sizeBytes)
  if (asked.kind === 'unsatisfiable') throw invalidRange(record.sizeBytes)
  const isRanged = asked.kind === 'range'
  return { bucket, record, range: isRanged ? asked.range : { start: 0, end: record.sizeBytes }, isRanged }
}

/** `/bucket/key`, percent-encoded, with or without the leading slash and a version id, which is not looked at. */
function parseCopySource(header: string): { readonly bucket: string; readonly key: string } {
  const path = decodePercent(header.replace(/\?.*$/, ''))
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(path ?? '') ?? []
  if (bucket === undefined || key === undefined) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: /sourcebucket/sourcekey.',
      'x-oss-copy-source',
      header,
    )
  }
  return { bucket, key }
}

async function stageSource(
  { store }: ObjectContext,
  { bucket, record, range }: Source,
  target: StageTarget,
): Promise<StagedBody> {
  const file = await store.objects.open(bucket, record)
  if (file === undefined) throw noSuchKey(record.key)
  try {
    const { start, end } = range
    const chunks: AsyncIterable<Buffer> | readonly Buffer[] =
      end > start ? file.createReadStream({ start, end: end - 1, autoClose: false }) : []
    return await stageBody(chunks, target, store.digester, end - start)
  } finally {
    await file.close()
  }
}
