import { createHash } from 'node:crypto'

/** ETag of a body stored as it came: its MD5 in upper-case hex, without quotes. */
export function etagOfMd5(md5: Buffer): string {
  return md5.toString('hex').toUpperCase()
}

/**
 * ETag of a multipart object, without quotes: upper-case hex MD5 over the text of the parts' ETags joined
 * without separator, `-`, number of parts. The service documents it only as "not the MD5"; the rule is read
 * off recorded answers. It is the text that is hashed, not the digests' bytes as S3 does.
 */
export function etagOfParts(partEtags: readonly string[]): string {
  const md5 = createHash('md5').update(partEtags.join(''), 'ascii').digest()
  return `${etagOfMd5(md5)}-${partEtags.length}`
}

/** Strips quotes and letter case for comparison. */
export function normalizeEtag(etag: string): string {
  return etag
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .toUpperCase()
}
