import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { emptyAnswer, type Answer } from '../http/answer.ts'
import {
  entityTooLarge,
  invalidArgument,
  missingArgument,
  objectNotAppendable,
  positionNotEqualToLength,
} from '../http/errors.ts'
import { queryValue, type Query } from '../http/query.ts'
import { foldCrc64 } from '../store/crc64.ts'
import { joinPieces } from '../store/join-parts.ts'
import type { ObjectRecord } from '../store/object-record.ts'
import type { ObjectContext } from './context.ts'
import { attributesOf, readAttributes } from './object-headers.ts'
import { checkBodySize, receiveBody } from './receive.ts'

/**
 * AppendObject. The object is written anew with each append, so that a crash never leaves a piece of one: fit
 * for tests, slow for large objects.
 */
export async function appendObject(context: ObjectContext): Promise<Answer> {
  const { bucket, key, headers, store, nowMs, limits } = context
  const position = readPosition(context.query)
  const existing = store.objects.get(bucket, key)
  checkPosition(existing, position)
  const attributes = existing === undefined ? readAttributes(headers) : attributesOf(existing)

  if (position + checkBodySize(context, limits.maxPutBytes) > limits.maxPutBytes) throw entityTooLarge()

  const bodyPath = store.layout.freshStagingPath()
  const stagedPath = store.layout.freshStagingPath()
  try {
    const body = await receiveBody(context, { path: bodyPath, position: 0 })
    const before =
      existing === undefined ? [] : [{ ...existing, path: store.objects.pathOf(bucket, existing), start: 0 }]
    const pieces = [...before, { ...body, path: bodyPath, start: 0 }]
    const crc64 = foldCrc64(pieces)
    await joinPieces(pieces, stagedPath, { withMd5: false })
    const record = await store.objects.commit(bucket, {
      facts: {
        key,
        type: 'Appendable',
        sizeBytes: position + body.sizeBytes,
        etag: appendEtag(existing?.etag ?? '', body.md5),
        crc64,
        contentMd5: undefined,
        lastModifiedMs: nowMs,
        ...attributes,
      },
      stagedPath,
      check: (latest) => {
        // Another append was faster: what was copied above is not the object any more.
        if (latest !== existing) throw positionNotEqualToLength(latest?.sizeBytes ?? 0)
      },
    })
    return emptyAnswer(200, {
      etag: `"${record.etag}"`,
      'x-oss-next-append-position': String(record.sizeBytes),
      ...(crc64 !== undefined && { 'x-oss-hash-crc64ecma': String(crc64) }),
    })
  } finally {
    await rm(bodyPath, { force: true })
    await rm(stagedPath, { force: true })
  }
}

function readPosition(query: Query): number {
  const text = queryValue(query, 'position')
  if (text === undefined || text === '') throw missingArgument('position')
  if (!/^\d{1,15}$/.test(text)) throw invalidArgument('The position is not valid.', 'position', text)
  return Number(text)
}

function checkPosition(existing: ObjectRecord | undefined, position: number): void {
  if (existing !== undefined && existing.type !== 'Appendable') throw objectNotAppendable()
  const length = existing?.sizeBytes ?? 0
  if (position !== length) throw positionNotEqualToLength(length)
}

/** Opaque, and not an MD5 of the content: half of a digest, then zeros, as real ones look. */
function appendEtag(previous: string, md5: Buffer): string {
  const digest = createHash('md5').update(previous).update(md5).digest('hex').toUpperCase()
  return `${digest.slice(0, 16)}0000000000000000`
}
