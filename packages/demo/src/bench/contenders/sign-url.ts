import { createV4Signer } from '@sluice/worker'
import type { Signer } from '@sluice/worker'
import type { Destination } from './contender.ts'

/** Makes a URL that carries the signature of a request. */
export type UrlSigner = (
  destination: Destination,
  method: string,
  query: Readonly<Record<string, string>>,
  contentType?: string,
) => Promise<string>

const EXPIRES_IN_SECONDS = 3600

/** Signs with Signature V4, with one signer for each set of credentials. */
export function createUrlSigner(): UrlSigner {
  const signers = new Map<string, Promise<Signer>>()
  return async (destination, method, query, contentType) => {
    const { bucket, key, region, accessKeyId, accessKeySecret, securityToken } = destination
    const signer =
      signers.get(accessKeyId) ?? createV4Signer({ accessKeyId, accessKeySecret, securityToken }, region)
    signers.set(accessKeyId, signer)
    const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType }
    const request = { method, bucket, key, query, headers }
    const signed = await (await signer).signQuery(request, new Date(), EXPIRES_IN_SECONDS)
    const items = Object.entries(signed).map(
      ([name, value]) => `${encodeURIComponent(name)}${value === '' ? '' : `=${encodeURIComponent(value)}`}`,
    )
    return `${objectUrl(destination)}?${items.join('&')}`
  }
}

/** The bucket has a host of its own, as on the real service. */
function objectUrl({ endpoint, bucket, key }: Destination): string {
  const { protocol, host } = new URL(endpoint)
  return `${protocol}//${bucket}.${host}/${key.split('/').map(encodeURIComponent).join('/')}`
}
