import { presignV4 } from '@sluice/worker'
import type { Destination } from './contender.ts'

/** Makes a URL that carries the signature of a request. */
export type UrlSigner = (
  destination: Destination,
  method: string,
  query: Readonly<Record<string, string>>,
  contentType?: string,
) => Promise<string>

const EXPIRES_IN_SECONDS = 3600

/** Signs with Signature V4. */
export const signUrl: UrlSigner = async (destination, method, query, contentType) => {
  const { bucket, key, region, accessKeyId, accessKeySecret, securityToken } = destination
  const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType }
  const request = { method, bucket, key, query, headers }
  const credentials = { accessKeyId, accessKeySecret, securityToken }
  const signed = await presignV4(credentials, region, request, new Date(), EXPIRES_IN_SECONDS)
  const items = Object.entries(signed).map(
    ([name, value]) => `${encodeURIComponent(name)}${value === '' ? '' : `=${encodeURIComponent(value)}`}`,
  )
  return `${objectUrl(destination)}?${items.join('&')}`
}

/** The bucket has a host of its own, as on the real service. */
function objectUrl({ endpoint, bucket, key }: Destination): string {
  const { protocol, host } = new URL(endpoint)
  return `${protocol}//${bucket}.${host}/${key.split('/').map(encodeURIComponent).join('/')}`
}
