import { UploadError } from '../protocol/errors.ts'
import { percentEncode, percentEncodePath } from './percent-encode.ts'

/**
 * How a bucket is addressed:
 *
 * - `virtual`: `scheme://bucket.endpoint/key`, what OSS wants, also `http://bucket.localhost:port`
 * - `path`: `scheme://ip:port/bucket/key`, for an endpoint that is an IP address, which has no sub-domains
 * - `cname`: `scheme://host/key`, for a domain that is bound to the bucket
 *
 * The signed resource is `/bucket/key` in all three.
 */
export type AddressStyle = 'virtual' | 'path' | 'cname'

/** Where an object goes. */
export interface Destination {
  readonly bucket: string
  readonly key: string
  /** `scheme://host[:port]` without the bucket. */
  readonly endpoint: string
  readonly style: AddressStyle
}

/**
 * Reads an endpoint as people write it: with or without a scheme (`https` then), with or without a slash behind.
 *
 * @throws {UploadError} `CREDENTIALS_INVALID` when it is no URL of a host alone
 */
export function parseEndpoint(text: string): URL {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined
  const isPlain = url !== undefined && url.pathname === '/' && url.search === '' && url.hash === ''
  if (!isPlain || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new UploadError(
      'CREDENTIALS_INVALID',
      `The endpoint must be a URL such as https://oss-cn-shanghai.aliyuncs.com, got ${JSON.stringify(text)}`,
    )
  }
  return url
}

/** Chooses the address style of an endpoint. */
export function addressStyle(endpoint: URL, cname: boolean): AddressStyle {
  if (cname) return 'cname'
  const isIp = /^\d+\.\d+\.\d+\.\d+$/.test(endpoint.hostname) || endpoint.hostname.startsWith('[')
  return isIp ? 'path' : 'virtual'
}

/**
 * The region in the name of one of OSS's own endpoints (public, internal, dual-stack); undefined for accelerate
 * endpoints and other hosts, which do not tell it.
 */
export function regionOfEndpoint(endpoint: URL): string | undefined {
  const host = endpoint.hostname
  const region =
    /^oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(host)?.[1] ??
    /^([a-z0-9-]+)\.oss\.aliyuncs\.com$/.exec(host)?.[1]
  return region?.startsWith('accelerate') === true ? undefined : region
}

/** Origin that requests for a destination go to: what browsers count connections by. */
export function originOf({ endpoint, style, bucket }: Destination): string {
  if (style !== 'virtual') return endpoint
  const url = new URL(endpoint)
  return `${url.protocol}//${bucket}.${url.host}`
}

/** The URL that a form is posted to. */
export function bucketUrl(destination: Destination): string {
  return `${originOf(destination)}${folderOf(destination)}/`
}

/** The URL of an object with its query. */
export function objectUrl(destination: Destination, query: Readonly<Record<string, string>>): string {
  const items = Object.entries(query).map(([name, value]) =>
    value === '' ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`,
  )
  const search = items.length === 0 ? '' : `?${items.join('&')}`
  return `${originOf(destination)}${folderOf(destination)}/${keyPath(destination.key)}${search}`
}

function folderOf({ style, bucket }: Destination): string {
  return style === 'path' ? `/${bucket}` : ''
}

/**
 * A browser's URL parser takes the segments `.` and `..` out of a path, also when they are written as `%2e`.
 * With `%2F` for the slashes of such a key there are no such segments. (URL Standard, "path state")
 */
function keyPath(key: string): string {
  const hasDotSegment = key.split('/').some((segment) => segment === '.' || segment === '..')
  return hasDotSegment ? percentEncode(key) : percentEncodePath(key)
}
