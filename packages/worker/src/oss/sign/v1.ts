import { createHMAC, createSHA1 } from 'hash-wasm'
import { inWebAssembly } from '../../hash/in-web-assembly.ts'
import type { SignableRequest } from '../oss-request.ts'
import type { Credentials, Signer } from './signer.ts'

/**
 * Signature V1, for buckets and endpoints that still want it: OSS retires it in phases since 2025-03-01, so that it is a
 * part of the script that is loaded only when it is wanted.
 * (OSS documentation: "Include a V1 signature in the Authorization header", "Signature V1 notice")
 */
export async function createV1Signer(credentials: Credentials): Promise<Signer> {
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const hmac = await inWebAssembly('Signature V1', () =>
    createHMAC(createSHA1(), new TextEncoder().encode(accessKeySecret)),
  )
  const signatureOf = (text: string): string => toBase64(hmac.init().update(text).digest('binary'))

  return {
    async signHeaders(request, date) {
      // A browser cannot send Date, so the date goes as x-oss-date, and stands in its own line besides.
      const timestamp = date.toUTCString()
      const headers: Record<string, string> = {
        ...request.headers,
        'x-oss-date': timestamp,
        ...(securityToken === undefined ? {} : { 'x-oss-security-token': securityToken }),
      }
      const signature = signatureOf(stringToSignV1({ ...request, headers }, timestamp))
      return { ...headers, authorization: `OSS ${accessKeyId}:${signature}` }
    },
  }
}

/** Text that is signed: key and query values raw, only the query names of a fixed list. */
export function stringToSignV1(request: SignableRequest, date: string): string {
  const { method, bucket, key, query } = request
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name.toLowerCase(), value.trim()] as const,
  )
  const valueOf = (wanted: string): string => headers.find(([name]) => name === wanted)?.[1] ?? ''
  const ossHeaders = headers
    .filter(([name]) => name.startsWith('x-oss-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const subResources = Object.entries(query)
    .filter(([name]) => name.startsWith('x-oss-') || SIGNED_QUERY_NAMES.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  const resource = bucket === '' ? '/' : `/${bucket}/${key}`
  const search = subResources.length === 0 ? '' : `?${subResources.join('&')}`
  const lines = [method, valueOf('content-md5'), valueOf('content-type'), date]
  return `${lines.join('\n')}\n${ossHeaders.join('')}${resource}${search}`
}

/**
 * Query names that take part, beside all that start with `x-oss-`: the union of what the documentation and the
 * official SDKs sign. Paging (`max-parts`, `part-number-marker`) and `encoding-type` do not.
 */
const SIGNED_QUERY_NAMES: ReadonlySet<string> = new Set(
  (
    'accessPoint accessPointPolicy acl append asyncFetch bucketArchiveDirectRead bucketInfo callback ' +
    'callback-var cleanRestoredObject cloudboxes cname comp continuation-token cors delete encryption ' +
    'endTime group httpsConfig img inventory inventoryId lifecycle link live location logging metaQuery ' +
    'objectInfo objectMeta partNumber policy policyStatus position publicAccessBlock qos qosInfo ' +
    'qosRequester redundancyTransition referer regionList replication replicationLocation ' +
    'replicationProgress requestPayment requesterQosInfo resourceGroup resourcePool resourcePoolBuckets ' +
    'resourcePoolInfo response-cache-control response-content-disposition response-content-encoding ' +
    'response-content-language response-content-type response-expires restore seal security-token ' +
    'sequential startTime stat status style styleName symlink tagging transferAcceleration uploadId ' +
    'uploads versionId versioning versions vod website worm wormExtend wormId'
  ).split(' '),
)

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
