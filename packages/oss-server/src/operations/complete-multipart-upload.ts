import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { xmlAnswer, type Answer } from '../http/answer.ts'
import {
  entityTooLarge,
  invalidArgument,
  invalidDigest,
  malformedXml,
  missingContentLength,
  noSuchUpload,
} from '../http/errors.ts'
import { encodePercentPath } from '../http/percent.ts'
import { MAX_COMPLETE_BODY_BYTES } from '../limits.ts'
import { foldCrc64 } from '../store/crc64.ts'
import { etagOfParts } from '../store/etag.ts'
import { joinPieces } from '../store/join-parts.ts'
import type { ObjectRecord } from '../store/object-record.ts'
import type { PartRecord } from '../store/part-name.ts'
import type { OpenUpload } from '../store/upload-store.ts'
import { answerWithCallback, readCallback } from './callback.ts'
import { parseCompleteBody } from './complete-body.ts'
import type { ObjectContext } from './context.ts'
import { readEncoding } from './encoding-type.ts'
import { requireUpload } from './file-part.ts'
import { attributesOf, refuseLateHeaders, refuseOverwrite } from './object-headers.ts'
import { readUploadId } from './part-arguments.ts'
import { planCompletion } from './plan-completion.ts'
import { readContentMd5 } from './receive.ts'

/** CompleteMultipartUpload. A failure leaves the upload as it was; success ends it. */
export async function completeMultipartUpload(context: ObjectContext): Promise<Answer> {
  const { bucket, key, query, headers, store, host } = context
  const uploadId = readUploadId(query)
  const encoding = readEncoding(query)
  requireUpload(context, uploadId, 'CompleteMultipartUpload')
  refuseLateHeaders(headers)
  const callback = readCallback(context)
  const body = await readCompleteBody(context)
  const isCompleteAll = headers.get('x-oss-complete-all')?.toLowerCase() === 'yes'
  if (isCompleteAll && body !== '') {
    throw invalidArgument(
      'Should not speficy both complete all header and http body.',
      'x-oss-complete-all',
      'yes',
      '0042-00000216',
    )
  }

  const record = await store.uploads.exclusively(bucket, key, uploadId, async (upload) => {
    // Another Complete or an Abort may have been faster.
    if (upload === undefined) throw noSuchUpload('CompleteMultipartUpload', uploadId)
    const parts = isCompleteAll ? allParts(upload, context) : listedParts(upload, body, context)
    return completeUpload(context, upload, parts)
  })

  const answer = xmlAnswer(
    [
      'CompleteMultipartUploadResult',
      [
        ...encoding.elements,
        ['Location', `http://${host}/${encodePercentPath(key)}`],
        ['Bucket', bucket],
        ['Key', encoding.encode(key)],
        ['ETag', `"${record.etag}"`],
      ],
    ],
    {
      etag: `"${record.etag}"`,
      ...(record.crc64 !== undefined && { 'x-oss-hash-crc64ecma': String(record.crc64) }),
    },
  )
  return answerWithCallback(context, callback, record, answer)
}

/** Nothing is kept but the text: the body is small. Content-MD5 here is that of the XML, not of the object. */
async function readCompleteBody({ body, headers }: ObjectContext): Promise<string> {
  if (body.declaredBytes === undefined) throw missingContentLength()
  if (body.declaredBytes > MAX_COMPLETE_BODY_BYTES) throw entityTooLarge()
  const wantedMd5 = readContentMd5(headers)
  const chunks: Buffer[] = []
  for await (const chunk of body.chunks()) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (wantedMd5 !== undefined && !createHash('md5').update(bytes).digest().equals(wantedMd5)) {
    throw invalidDigest('mismatch')
  }
  return bytes.toString('utf8')
}

function listedParts(upload: OpenUpload, body: string, { limits }: ObjectContext): PartRecord[] {
  return planCompletion(upload.uploadId, upload.parts, parseCompleteBody(body), limits.minPartBytes)
}

function allParts(upload: OpenUpload, { limits }: ObjectContext): PartRecord[] {
  const stored = [...upload.parts.values()].toSorted((a, b) => a.partNumber - b.partNumber)
  if (stored.length === 0) throw malformedXml()
  return planCompletion(upload.uploadId, upload.parts, stored, limits.minPartBytes)
}

async function completeUpload(
  context: ObjectContext,
  upload: OpenUpload,
  parts: readonly PartRecord[],
): Promise<ObjectRecord> {
  const { bucket, key, headers, store, nowMs } = context
  refuseOverwrite(headers, store.objects.get(bucket, key))
  const ownPath = store.layout.freshStagingPath()
  try {
    const shared = upload.isSequential ? undefined : await store.uploads.takeShared(upload, parts)
    const pieces = parts.map((part) => store.uploads.pieceOf(upload, part))
    const md5 =
      shared === undefined ? await joinPieces(pieces, ownPath, { withMd5: upload.isSequential }) : undefined
    const record = await store.objects.commit(bucket, {
      facts: {
        key,
        type: 'Multipart',
        sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
        etag: etagOfParts(parts.map((part) => part.etag)),
        crc64: foldCrc64(parts),
        contentMd5: md5?.toString('base64'),
        lastModifiedMs: nowMs,
        ...attributesOf(upload),
      },
      stagedPath: shared ?? ownPath,
      uploadId: upload.uploadId,
      check: (existing) => refuseOverwrite(headers, existing),
    })
    await store.uploads.end(upload)
    return record
  } catch (error) {
    store.uploads.reopen(upload)
    throw error
  } finally {
    await rm(ownPath, { force: true })
  }
}
