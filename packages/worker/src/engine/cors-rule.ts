/**
 * The CORS rule that a bucket needs, in words for people. (OSS documentation, "PutBucketCors"; what the engine sends and
 * reads)
 */
export function corsRule(pageOrigin: string): string {
  return (
    `Add a CORS rule to the bucket: origin ${pageOrigin}; methods PUT, POST, GET, HEAD, DELETE; allowed headers *; ` +
    'exposed headers ETag, x-oss-hash-crc64ecma, x-oss-request-id.'
  )
}

/** What an upload wants to read of an answer to a body. */
const WANTED = ['ETag', 'x-oss-hash-crc64ecma']

/** Tells, once for each bucket, that its CORS rule hides headers. */
export function createHiddenHeaders(
  pageOrigin: string,
  onHidden: (message: string) => void,
): (bucket: string, headers: Readonly<Record<string, string>>) => void {
  const told = new Set<string>()
  return (bucket, headers) => {
    const hidden = WANTED.filter((name) => headers[name.toLowerCase()] === undefined)
    if (hidden.length === 0 || told.has(bucket)) return
    told.add(bucket)
    onHidden(
      `The CORS rule of ${bucket} hides ${hidden.join(' and ')}, which have to be asked for in another way. ` +
        corsRule(pageOrigin),
    )
  }
}
