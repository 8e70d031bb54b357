import type { RequestHeaders } from '../http/headers.ts'
import type { Query } from '../http/query.ts'

/** What takes part in a signature. */
export interface SignedRequest {
  /** Upper case. */
  readonly method: string
  readonly bucket: string | undefined
  readonly key: string | undefined
  readonly query: Query
  readonly headers: RequestHeaders
}

/** Headers of OSS that are signed by their prefix, in byte order of their names. */
export function ossHeaders(headers: RequestHeaders): (readonly [name: string, value: string])[] {
  return [...headers].filter(([name]) => name.startsWith('x-oss-')).toSorted(byName)
}

/** Byte order of ASCII names, which JavaScript's comparison of strings is. */
export function byName(a: readonly [string, string], b: readonly [string, string]): number {
  if (a[0] === b[0]) return 0
  return a[0] < b[0] ? -1 : 1
}
