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

/** Buckets whose CORS rules hide headers. */
export interface HidingBuckets {
  /** Whether a bucket's rule is known to hide all that proves what was stored. */
  has(bucket: string): boolean
  /** Takes note of the headers of an answer to a body. */
  note(bucket: string, headers: Readonly<Record<string, string>>): void
}

/** @param onHidden is told once for each bucket, in words for people */
export function createHidingBuckets(pageOrigin: string, onHidden: (message: string) => void): HidingBuckets {
  const told = new Set<string>()
  const hidingAll = new Set<string>()
  return {
    has: (bucket) => hidingAll.has(bucket),
    note(bucket, headers) {
      const hidden = WANTED.filter((name) => headers[name.toLowerCase()] === undefined)
      if (hidden.length === WANTED.length) hidingAll.add(bucket)
      if (hidden.length === 0 || told.has(bucket)) return
      told.add(bucket)
      onHidden(
        `The CORS rule of ${bucket} hides ${hidden.join(' and ')}, which have to be asked for in another way. ` +
          corsRule(pageOrigin),
      )
    },
  }
}
