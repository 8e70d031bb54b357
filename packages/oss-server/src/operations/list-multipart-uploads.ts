import { xmlAnswer, type Answer } from '../http/answer.ts'
import { queryValue } from '../http/query.ts'
import { toXmlTime } from '../http/time.ts'
import type { XmlNode } from '../http/xml.ts'
import { MAX_LIST_PAGE } from '../limits.ts'
import type { OpenUpload } from '../store/upload-store.ts'
import type { BucketContext } from './context.ts'
import { readEncoding } from './encoding-type.ts'
import { compareNames, cutPage } from './listing.ts'
import { readPageSize } from './page-arguments.ts'

/** ListMultipartUploads: by key, then by upload id. */
export async function listMultipartUploads({ query, bucket, store }: BucketContext): Promise<Answer> {
  const encoding = readEncoding(query)
  const maxUploads = readPageSize(query, 'max-uploads', {
    min: 1,
    max: MAX_LIST_PAGE,
    fallback: MAX_LIST_PAGE,
  })
  const prefix = queryValue(query, 'prefix') ?? ''
  const delimiter = queryValue(query, 'delimiter') ?? ''
  const keyMarker = queryValue(query, 'key-marker') ?? ''
  // Counts only together with key-marker.
  const uploadIdMarker = keyMarker === '' ? '' : (queryValue(query, 'upload-id-marker') ?? '')

  const uploads = store.uploads.list(bucket).toSorted(compareUploads)
  const page = cutPage(
    uploads,
    (upload) => upload.key,
    { prefix, delimiter, marker: keyMarker, maxEntries: maxUploads },
    ({ key, uploadId }) => {
      const order = compareNames(key, keyMarker)
      return order > 0 || (order === 0 && uploadIdMarker !== '' && uploadId > uploadIdMarker)
    },
  )
  const last = page.items.at(-1)
  return xmlAnswer([
    'ListMultipartUploadsResult',
    [
      ...encoding.elements,
      ['Bucket', bucket],
      ['KeyMarker', encoding.encode(keyMarker)],
      ['UploadIdMarker', uploadIdMarker],
      ['NextKeyMarker', encoding.encode(page.next)],
      ['NextUploadIdMarker', last?.key === page.next ? last.uploadId : ''],
      ['Delimiter', encoding.encode(delimiter)],
      ['Prefix', encoding.encode(prefix)],
      ['MaxUploads', maxUploads],
      ['IsTruncated', String(page.isTruncated)],
      ...page.items.map((upload): XmlNode => [
        'Upload',
        [
          ['Key', encoding.encode(upload.key)],
          ['UploadId', upload.uploadId],
          ['Initiated', toXmlTime(upload.initiatedMs)],
        ],
      ]),
      ...page.commonPrefixes.map((name): XmlNode => ['CommonPrefixes', [['Prefix', encoding.encode(name)]]]),
    ],
  ])
}

function compareUploads(a: OpenUpload, b: OpenUpload): number {
  return compareNames(a.key, b.key) || compareNames(a.uploadId, b.uploadId)
}
