import { stat } from 'node:fs/promises'
import { emptyAnswer, type Answer } from '../http/answer.ts'
import { invalidRange, noSuchKey } from '../http/errors.ts'
import { hasQuery } from '../http/query.ts'
import { toHttpTime } from '../http/time.ts'
import type { ObjectRecord } from '../store/object-record.ts'
import { parseByteRange } from './byte-range.ts'
import { checkConditions } from './conditions.ts'
import type { ObjectContext } from './context.ts'

/** HeadObject, and with `?objectMeta` its short form GetObjectMeta. */
export async function headObject(context: ObjectContext): Promise<Answer> {
  const { store, bucket, key, headers, query } = context
  const record = store.objects.get(bucket, key)
  if (record === undefined) throw noSuchKey(key)
  // The folder is open to everybody: a file may have been removed by hand.
  await stat(store.objects.pathOf(bucket, record)).catch(() => {
    throw noSuchKey(key)
  })
  checkConditions(headers, record, '')
  const length = { 'content-length': String(record.sizeBytes) }
  if (hasQuery(query, 'objectMeta')) {
    return emptyAnswer(200, {
      ...length,
      etag: `"${record.etag}"`,
      'last-modified': toHttpTime(record.lastModifiedMs),
    })
  }
  return emptyAnswer(200, { ...objectHeaders(record), ...length })
}

/** GetObject. The CRC-64 is that of the whole object, also for a range. */
export async function getObject(context: ObjectContext): Promise<Answer> {
  const { store, bucket, key, headers, body } = context
  const record = store.objects.get(bucket, key)
  if (record === undefined) throw noSuchKey(key)
  checkConditions(headers, record, '')
  const asked = parseByteRange(headers.get('range'), record.sizeBytes)
  if (asked.kind === 'unsatisfiable' && headers.get('x-oss-range-behavior') === 'standard') {
    throw invalidRange(record.sizeBytes)
  }
  const file = await store.objects.open(bucket, record)
  if (file === undefined) throw noSuchKey(key)
  const { start, end } = asked.kind === 'range' ? asked.range : { start: 0, end: record.sizeBytes }
  return {
    status: asked.kind === 'range' ? 206 : 200,
    headers: {
      ...objectHeaders(record),
      ...responseOverrides(context),
      'content-length': String(end - start),
      ...(asked.kind === 'range' && { 'content-range': `bytes ${start}-${end - 1}/${record.sizeBytes}` }),
    },
    body: { kind: 'file', file, start, end, bytesPerSecond: body.bytesPerSecond },
    code: '',
  }
}

function objectHeaders(record: ObjectRecord): Record<string, string> {
  const { etag, crc64, contentMd5, lastModifiedMs, type, sizeBytes } = record
  return {
    ...record.headers,
    etag: `"${etag}"`,
    'last-modified': toHttpTime(lastModifiedMs),
    'accept-ranges': 'bytes',
    'x-oss-object-type': type,
    ...(crc64 !== undefined && { 'x-oss-hash-crc64ecma': String(crc64) }),
    ...(contentMd5 !== undefined && { 'content-md5': contentMd5 }),
    ...(record.tags.length > 0 && { 'x-oss-tagging-count': String(record.tags.length) }),
    ...(type === 'Appendable' && { 'x-oss-next-append-position': String(sizeBytes) }),
  }
}

/** `response-*` query items, for signed requests only (page GetObject). */
function responseOverrides({ query, isAnonymous }: ObjectContext): Record<string, string> {
  if (isAnonymous) return {}
  const overrides: Record<string, string> = {}
  for (const [name, value] of query) {
    const header = /^response-(cache-control|content-(?:disposition|encoding|language|type)|expires)$/.exec(
      name,
    )?.[1]
    if (header !== undefined && value !== '') overrides[header] = value
  }
  return overrides
}
