import { xmlAnswer, type Answer } from '../http/answer.ts'
import { invalidArgument } from '../http/errors.ts'
import { queryValue, type Query } from '../http/query.ts'
import { toXmlTime } from '../http/time.ts'
import type { XmlNode } from '../http/xml.ts'
import { MAX_LIST_PAGE } from '../limits.ts'
import type { PartRecord } from '../store/part-name.ts'
import type { ObjectContext } from './context.ts'
import { readEncoding } from './encoding-type.ts'
import { requireUpload } from './file-part.ts'
import { readPageSize } from './page-arguments.ts'
import { readUploadId } from './part-arguments.ts'

/** ListParts: ascending by number, parts above the marker. */
export async function listParts(context: ObjectContext): Promise<Answer> {
  const { query, bucket, key } = context
  const uploadId = readUploadId(query)
  const encoding = readEncoding(query)
  const maxParts = readPageSize(query, 'max-parts', { min: 1, max: MAX_LIST_PAGE, fallback: MAX_LIST_PAGE })
  const marker = readMarker(query)
  const upload = requireUpload(context, uploadId, 'ListParts')

  const after = [...upload.parts.values()]
    .filter((part) => part.partNumber > marker)
    .toSorted((a, b) => a.partNumber - b.partNumber)
  const page = after.slice(0, maxParts)
  return xmlAnswer([
    'ListPartsResult',
    [
      ...encoding.elements,
      ['Bucket', bucket],
      ['Key', encoding.encode(key)],
      ['UploadId', uploadId],
      ['StorageClass', upload.headers['x-oss-storage-class'] ?? 'Standard'],
      ['PartNumberMarker', marker],
      ['NextPartNumberMarker', page.at(-1)?.partNumber ?? 0],
      ['MaxParts', maxParts],
      ['IsTruncated', String(after.length > page.length)],
      ...page.map(toPartNode),
    ],
  ])
}

function toPartNode(part: PartRecord): XmlNode {
  const crc: XmlNode[] = part.crc64 === undefined ? [] : [['HashCrc64ecma', String(part.crc64)]]
  return [
    'Part',
    [
      ['PartNumber', part.partNumber],
      ['LastModified', toXmlTime(part.lastModifiedMs)],
      ['ETag', `"${part.etag}"`],
      ...crc,
      ['Size', part.sizeBytes],
    ],
  ]
}

function readMarker(query: Query): number {
  const text = queryValue(query, 'part-number-marker') ?? ''
  if (text === '') return 0
  if (!/^\d{1,9}$/.test(text)) {
    throw invalidArgument('Argument part-number-marker must be an integer.', 'part-number-marker', text)
  }
  return Number(text)
}
