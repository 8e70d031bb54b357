import { xmlAnswer, type Answer } from '../http/answer.ts'
import { invalidArgument, noSuchKey } from '../http/errors.ts'
import { OssError } from '../http/oss-error.ts'
import { parseQuery } from '../http/query.ts'
import { MAX_TAGS, MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH } from '../limits.ts'
import type { ObjectTag } from '../store/object-record.ts'
import type { ObjectContext } from './context.ts'

const NAME = 'x-oss-tagging'

/** What keys and values may be made of (page PutObjectTagging). */
const TAG_TEXT = /^[A-Za-z0-9 +\-=._:/]*$/

/**
 * Reads the tags that a request gives its object.
 *
 * @param value value of `x-oss-tagging`, `a=1&b=2` with percent-encoded keys and values
 * @throws OssError InvalidArgument, InvalidTaggingKey
 */
export function parseTagging(value: string | undefined): ObjectTag[] {
  if (value === undefined || value === '') return []
  // Both `=` of a key or value have to be encoded.
  const isLaidOut = value.split('&').every((item) => /^[^=]+(?:=[^=]*)?$/.test(item))
  const items = isLaidOut ? parseQuery(value) : undefined
  if (items === undefined) {
    throw invalidArgument(`The ${NAME} is not in the form of key or key=value.`, NAME, value, '0010-00000219')
  }
  for (const [key, text] of items) {
    if (!isTagText(key, MAX_TAG_KEY_LENGTH)) {
      throw new OssError(400, 'InvalidTaggingKey', 'The tagging key you provided is invalid.')
    }
    if (!isTagText(text, MAX_TAG_VALUE_LENGTH)) throw invalidTag('The tagging value is invalid.', text)
  }
  if (items.length > MAX_TAGS) throw invalidTag('An object can have 10 tags at most.', value)
  if (new Set(items.map(([key]) => key)).size < items.length) {
    throw invalidTag('The tagging keys are not unique.', value)
  }
  return items.map(([key, text]) => ({ key, value: text }))
}

/** GetObjectTagging. */
export async function getObjectTagging({ store, bucket, key }: ObjectContext): Promise<Answer> {
  const record = store.objects.get(bucket, key)
  if (record === undefined) throw noSuchKey(key)
  return xmlAnswer([
    'Tagging',
    [
      [
        'TagSet',
        record.tags.map((tag) => [
          'Tag',
          [
            ['Key', tag.key],
            ['Value', tag.value],
          ],
        ]),
      ],
    ],
  ])
}

function isTagText(text: string, maxLength: number): boolean {
  return text.length <= maxLength && TAG_TEXT.test(text)
}

function invalidTag(message: string, value: string): OssError {
  return invalidArgument(message, NAME, value, '0010-00000217')
}
