/** Request headers: lower-case names, values as text. */
export type RequestHeaders = ReadonlyMap<string, string>

/**
 * Reads Node's raw header list. Duplicates are joined with a comma, as V1 signs them.
 *
 * Node hands over each byte as one char. The service takes headers as UTF-8; bytes that are not UTF-8 become
 * U+FFFD, so that a signature over them never matches.
 *
 * @param rawHeaders names and values in turn, as in `IncomingMessage.rawHeaders`
 */
export function readHeaders(rawHeaders: readonly string[]): RequestHeaders {
  const headers = new Map<string, string>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = Buffer.from(rawHeaders[index + 1] ?? '', 'latin1')
      .toString('utf8')
      .trim()
    const earlier = headers.get(name)
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`)
  }
  return headers
}

const DISPLAY_NAMES: Readonly<Record<string, string>> = { etag: 'ETag', 'content-md5': 'Content-MD5' }

/** Name as the service writes it: `x-oss-…` in lower case, the others capitalised. */
export function displayName(name: string): string {
  if (name.startsWith('x-oss-')) return name
  return DISPLAY_NAMES[name] ?? name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}

/** Value as Node wants it: one char per byte of UTF-8. */
export function toHeaderBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}
