import { addressingOf } from './host.ts'
import { decodePercent } from './percent.ts'
import { parseQuery, type Query } from './query.ts'

/** What a request is about, whichever way it was addressed. */
export interface Target {
  /** `undefined`: the service itself. Not yet checked against the naming rules. */
  readonly bucket: string | undefined
  /** Decoded, `undefined`: the bucket itself. Not yet checked against the naming rules. */
  readonly key: string | undefined
  readonly query: Query
  /** Path as sent, for control endpoints. */
  readonly rawPath: string
}

/** {@link parseTarget}: the target, or the part of the address that cannot be decoded. */
export type TargetResult =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'undecodable'; readonly part: 'path' | 'query'; readonly text: string }

/**
 * Finds bucket, key and query of a request. No dot segment is removed and no slash collapsed: a key may hold
 * both.
 *
 * @param requestTarget request target of the request line, origin form or absolute form
 * @param hostHeader Host header, '' when there is none
 * @param cnames bound host names (lower case, without port) and their buckets
 */
export function parseTarget(
  requestTarget: string,
  hostHeader: string,
  cnames: ReadonlyMap<string, string>,
): TargetResult {
  // Node hands over each byte as one char; some clients send UTF-8 without escapes.
  const text = Buffer.from(requestTarget, 'latin1').toString('utf8')
  const absolute = /^https?:\/\/([^/?]*)(.*)$/is.exec(text)
  const host = absolute?.[1] ?? hostHeader
  const pathAndQuery = absolute?.[2] ?? text
  const mark = pathAndQuery.indexOf('?')
  const rawPath = mark < 0 ? pathAndQuery : pathAndQuery.slice(0, mark)
  const rawQuery = mark < 0 ? '' : pathAndQuery.slice(mark + 1)

  const query = parseQuery(rawQuery)
  if (query === undefined) return { kind: 'undecodable', part: 'query', text: rawQuery }
  const path = decodePercent(rawPath)
  if (path === undefined) return { kind: 'undecodable', part: 'path', text: rawPath }

  const addressing = addressingOf(host, cnames)
  // Some SDKs send every slash of a key as %2F, so the path is cut after decoding.
  const rest = path.startsWith('/') ? path.slice(1) : path
  if (addressing.style !== 'path') {
    return {
      kind: 'target',
      target: { bucket: addressing.bucket, key: nonEmpty(rest), query, rawPath },
    }
  }
  const slash = rest.indexOf('/')
  return {
    kind: 'target',
    target: {
      bucket: nonEmpty(slash < 0 ? rest : rest.slice(0, slash)),
      key: slash < 0 ? undefined : nonEmpty(rest.slice(slash + 1)),
      query,
      rawPath,
    },
  }
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text
}
