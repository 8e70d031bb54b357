import { invalidArgument } from '../http/errors.ts'
import { encodePercent } from '../http/percent.ts'
import { queryValue, type Query } from '../http/query.ts'
import type { XmlNode } from '../http/xml.ts'

/** How an answer writes keys and prefixes. */
export interface Encoding {
  encode(text: string): string
  /** `EncodingType`, when it was asked for. */
  readonly elements: readonly XmlNode[]
}

/**
 * Reads `encoding-type`.
 *
 * @throws OssError InvalidArgument for anything but `url`
 */
export function readEncoding(query: Query): Encoding {
  const value = queryValue(query, 'encoding-type')
  if (value === undefined || value === '') return { encode: (text) => text, elements: [] }
  if (value.toLowerCase() !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request.', 'encoding-type', value)
  }
  return { encode: encodePercent, elements: [['EncodingType', 'url']] }
}
