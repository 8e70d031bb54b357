import { SaxesParser } from 'saxes'
import { malformedXml } from '../http/errors.ts'

/** One entry of a Complete list. */
export interface ListedPart {
  readonly partNumber: number
  /** As sent, with or without quotes. */
  readonly etag: string
}

/**
 * Reads the body of CompleteMultipartUpload. Elements count by their local name; unknown ones are skipped.
 *
 * @returns the parts as listed, at least one
 * @throws OssError MalformedXML when it is not well-formed, lists no part, or an entry lacks a field
 */
export function parseCompleteBody(text: string): ListedPart[] {
  const parts: ListedPart[] = []
  const path: string[] = []
  let fields: Record<string, string> = {}
  const parser = new SaxesParser({ xmlns: false })
  parser.on('error', () => {
    throw malformedXml()
  })
  parser.on('opentag', ({ name }) => {
    path.push(name.replace(/^.*:/, ''))
    if (isPart(path)) fields = {}
  })
  const onText = (value: string): void => {
    const name = path[2]
    if (path.length === 3 && name !== undefined) fields[name] = (fields[name] ?? '') + value
  }
  parser.on('text', onText)
  parser.on('cdata', onText)
  parser.on('closetag', () => {
    if (isPart(path)) parts.push(toListedPart(fields))
    path.pop()
  })
  parser.write(text).close()
  if (parts.length === 0) throw malformedXml()
  return parts
}

function isPart(path: readonly string[]): boolean {
  return path.length === 2 && path[0] === 'CompleteMultipartUpload' && path[1] === 'Part'
}

function toListedPart(fields: Readonly<Record<string, string>>): ListedPart {
  const number = fields['PartNumber']?.trim() ?? ''
  const etag = fields['ETag']?.trim() ?? ''
  if (!/^\d{1,9}$/.test(number) || etag === '') throw malformedXml()
  return { partNumber: Number(number), etag }
}
