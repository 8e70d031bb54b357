import { xmlAnswer, type Answer } from '../http/answer.ts'
import { invalidArgument } from '../http/errors.ts'
import { queryValue, type Query } from '../http/query.ts'
import { toXmlTime } from '../http/time.ts'
import type { XmlNode } from '../http/xml.ts'
import { DEFAULT_OBJECT_PAGE, MAX_OBJECT_PAGE } from '../limits.ts'
import type { ObjectRecord } from '../store/object-record.ts'
import type { BucketContext } from './context.ts'
import { readEncoding, type Encoding } from './encoding-type.ts'
import { compareNames, cutPage, type Page } from './listing.ts'
import { LOCAL_OWNER } from './owner.ts'
import { readPageSize } from './page-arguments.ts'

/** GetBucket, also called ListObjects. */
export async function listObjects(context: BucketContext): Promise<Answer> {
  const { query, bucket } = context
  const marker = queryValue(query, 'marker') ?? ''
  const { encoding, prefix, delimiter, maxKeys, page } = readPage(context, marker)
  const next: XmlNode[] = page.isTruncated ? [['NextMarker', encoding.encode(page.next)]] : []
  return xmlAnswer([
    'ListBucketResult',
    [
      ...encoding.elements,
      ['Name', bucket],
      ['Prefix', encoding.encode(prefix)],
      ['Marker', encoding.encode(marker)],
      ['MaxKeys', maxKeys],
      ['Delimiter', encoding.encode(delimiter)],
      ['IsTruncated', String(page.isTruncated)],
      ...next,
      ...contents(page, encoding, true),
    ],
  ])
}

/** GetBucketV2, also called ListObjectsV2. */
export async function listObjectsV2(context: BucketContext): Promise<Answer> {
  const { query, bucket } = context
  const token = queryValue(query, 'continuation-token')
  const startAfter = queryValue(query, 'start-after') ?? ''
  const { encoding, prefix, delimiter, maxKeys, page } = readPage(
    context,
    token === undefined ? startAfter : fromToken(token),
  )
  const given: XmlNode[] = token === undefined ? [] : [['ContinuationToken', token]]
  const next: XmlNode[] = page.isTruncated ? [['NextContinuationToken', toToken(page.next)]] : []
  return xmlAnswer([
    'ListBucketResult',
    [
      ...encoding.elements,
      ['Name', bucket],
      ['Prefix', encoding.encode(prefix)],
      ['StartAfter', encoding.encode(startAfter)],
      ['MaxKeys', maxKeys],
      ['Delimiter', encoding.encode(delimiter)],
      ['IsTruncated', String(page.isTruncated)],
      ['KeyCount', page.items.length + page.commonPrefixes.length],
      ...given,
      ...next,
      ...contents(page, encoding, queryValue(query, 'fetch-owner') === 'true'),
    ],
  ])
}

interface ObjectPage {
  readonly encoding: Encoding
  readonly prefix: string
  readonly delimiter: string
  readonly maxKeys: number
  readonly page: Page<ObjectRecord>
}

function readPage({ query, bucket, store }: BucketContext, marker: string): ObjectPage {
  const prefix = queryValue(query, 'prefix') ?? ''
  const delimiter = queryValue(query, 'delimiter') ?? ''
  const maxKeys = readMaxKeys(query)
  const objects = store.objects.list(bucket).toSorted((a, b) => compareNames(a.key, b.key))
  const page = cutPage(objects, (object) => object.key, { prefix, delimiter, marker, maxEntries: maxKeys })
  return { encoding: readEncoding(query), prefix, delimiter, maxKeys, page }
}

function readMaxKeys(query: Query): number {
  return readPageSize(query, 'max-keys', { min: 1, max: MAX_OBJECT_PAGE, fallback: DEFAULT_OBJECT_PAGE })
}

function contents(page: Page<ObjectRecord>, encoding: Encoding, withOwner: boolean): XmlNode[] {
  const owner: XmlNode[] = withOwner ? [LOCAL_OWNER] : []
  return [
    ...page.items.map((object): XmlNode => [
      'Contents',
      [
        ['Key', encoding.encode(object.key)],
        ['LastModified', toXmlTime(object.lastModifiedMs)],
        ['ETag', `"${object.etag}"`],
        ['Type', object.type],
        ['Size', object.sizeBytes],
        ['StorageClass', object.headers['x-oss-storage-class'] ?? 'Standard'],
        ...owner,
      ],
    ]),
    ...page.commonPrefixes.map((name): XmlNode => ['CommonPrefixes', [['Prefix', encoding.encode(name)]]]),
  ]
}

/** Tokens are opaque to clients. */
function toToken(marker: string): string {
  return Buffer.from(marker, 'utf8').toString('base64')
}

function fromToken(token: string): string {
  const marker = Buffer.from(token, 'base64').toString('utf8')
  if (toToken(marker) !== token) {
    throw invalidArgument('The continuation token provided is incorrect.', 'continuation-token', token)
  }
  return marker
}
