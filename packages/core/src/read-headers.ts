import { readContentType } from './read-options.ts'
import type { UploadOptions } from './options.ts'

/**
 * The headers that an object is made with; names in lower case. What only some pages use is a part of the script of its
 * own.
 *
 * @throws {UploadError} `INVALID_OPTION`
 */
export async function readHeaders(
  { contentType, object, callback }: UploadOptions,
  fileType: string,
): Promise<Readonly<Record<string, string>>> {
  const type = readContentType(contentType || fileType) || 'application/octet-stream'
  if (object === undefined && callback === undefined) return { 'content-type': type }
  const { readObjectHeaders } = await import('./object-options.ts')
  return readObjectHeaders(type, object, callback)
}
