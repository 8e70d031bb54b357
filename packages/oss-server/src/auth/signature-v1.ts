import { createHmac } from 'node:crypto'
import { byName, ossHeaders, type SignedRequest } from './signed-request.ts'

/**
 * Query names that V1 signs besides all that begin with `x-oss-`. Source: page Include a V1 signature in the
 * Authorization header, united with the lists in the official SDKs.
 */
const SIGNED_NAMES: ReadonlySet<string> = new Set(
  `acl append callback callback-var delete objectMeta partNumber position restore security-token sequential
  symlink tagging uploadId uploads versionId versioning versions response-cache-control
  response-content-disposition response-content-encoding response-content-language response-content-type
  response-expires accessPoint accessPointPolicy asyncFetch bucketArchiveDirectRead bucketInfo
  cleanRestoredObject cloudboxes cname comp continuation-token cors encryption endTime group httpsConfig img
  inventory inventoryId lifecycle link live location logging metaQuery objectInfo policy policyStatus
  publicAccessBlock qos qosInfo qosRequester redundancyTransition referer regionList replication
  replicationLocation replicationProgress requestPayment requesterQosInfo resourceGroup resourcePool
  resourcePoolBuckets resourcePoolInfo seal startTime stat status style styleName transferAcceleration vod
  website worm wormExtend wormId directory rename vip vpcip`.split(/\s+/),
)

/**
 * The text that V1 signs.
 *
 * @param request the request; for the resource line key and query values count decoded
 * @param dateLine value of `x-oss-date`, else of `date`; for a URL the text of `Expires`
 */
export function stringToSignV1(request: SignedRequest, dateLine: string): string {
  const { headers } = request
  return [
    request.method,
    headers.get('content-md5') ?? '',
    headers.get('content-type') ?? '',
    dateLine,
    ...ossHeaders(headers).map(([name, value]) => `${name}:${value}`),
    canonicalResource(request),
  ].join('\n')
}

function canonicalResource({ bucket, key, query }: SignedRequest): string {
  const path = bucket === undefined ? '/' : `/${bucket}/${key ?? ''}`
  const items = query
    .filter(([name]) => name.startsWith('x-oss-') || SIGNED_NAMES.has(name))
    .toSorted(byName)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  return items.length === 0 ? path : `${path}?${items.join('&')}`
}

/**
 * V1 signature of a string to sign, or of a Base64 post policy.
 *
 * @returns Base64 of HMAC-SHA1
 */
export function signV1(accessKeySecret: string, text: string): string {
  return createHmac('sha1', accessKeySecret).update(text, 'utf8').digest('base64')
}
