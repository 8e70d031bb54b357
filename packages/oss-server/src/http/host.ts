import { isIP } from 'node:net'

/** How a request names its bucket: in the path, in the host name, or by a host bound to one bucket. */
export type Addressing =
  | { readonly style: 'path' }
  | { readonly style: 'virtual-host'; readonly bucket: string }
  | { readonly style: 'cname'; readonly bucket: string }

/**
 * Reads the addressing style from the Host header.
 *
 * IP addresses, `localhost` and other names without a dot take the path style, which the real service
 * refuses but official SDKs produce for such hosts. Any other name is `<bucket>.<something>`.
 *
 * @param hostHeader `name`, `name:port` or `[address]:port`
 * @param cnames bound host names (lower case, without port) and their buckets
 */
export function addressingOf(hostHeader: string, cnames: ReadonlyMap<string, string>): Addressing {
  const name = hostName(hostHeader)
  const bound = cnames.get(name)
  if (bound !== undefined) return { style: 'cname', bucket: bound }
  const dot = name.indexOf('.')
  if (name.startsWith('[') || isIP(name) !== 0 || dot < 1) return { style: 'path' }
  return { style: 'virtual-host', bucket: name.slice(0, dot) }
}

function hostName(hostHeader: string): string {
  const lower = hostHeader.trim().toLowerCase()
  return lower.startsWith('[') ? lower.slice(0, lower.indexOf(']') + 1) : lower.replace(/:\d*$/, '')
}
