import { addressStyle, parseEndpoint, regionOfEndpoint } from '../oss/endpoint.ts'
import type { Destination } from '../oss/endpoint.ts'
import { MAX_KEY_BYTES } from '../oss/limits.ts'
import type { Credentials } from '../oss/sign/signer.ts'
import { expiry } from './expiry.ts'
import type { Clocks } from './expiry.ts'
import { decodeFields, fieldsOf, headerText, invalid, optionalText, text } from './fields.ts'
import type { Fields } from './fields.ts'

/** What the application answered, understood: where to, what opens the way, for which media. */
export interface Authorization<A extends Access = Access> {
  readonly destination: Destination
  readonly mediaId: string | undefined
  readonly access: A
  /** When it ends, in milliseconds since the epoch by this machine's clock; undefined where nobody said. */
  readonly expiresAtMs: number | undefined
  /**
   * Whether a newer one is for the same object. An image's, an attached media's and a form's are not: new ones are for a
   * new object.
   */
  readonly isRefreshable: boolean
}

/** What opens the way to the service. */
export type Access = OwnAccess | PresignedAccess

/** What this side has in its own hands. */
export type OwnAccess =
  /** Keys that requests are signed with, and the plain region id that signature V4 wants, such as `cn-shanghai`. */
  | { readonly kind: 'keys'; readonly credentials: Credentials; readonly region: string }
  /** Fields of a signed form, for PostObject. */
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }

/** The application's server signs each request. */
export interface PresignedAccess {
  readonly kind: 'presigned'
}

/**
 * Reads the answer of `getCredentials`: the VOD OpenAPI's JSON as it is (`UploadAuth` and `UploadAddress`, Base64 of
 * JSON), or plain fields. The first letter of a name may have any case.
 *
 * @throws {UploadError} `CREDENTIALS_INVALID`, naming the field; never with a value of it that could be a secret
 */
export function readAuthorization(answer: unknown, clocks: Clocks): Authorization<OwnAccess> {
  const outer = fieldsOf(answer, 'getCredentials must answer with an object of credentials')
  const isVod = outer.has('uploadAuth') || outer.has('uploadAddress')
  const fields = isVod ? new Map([...outer, ...addressOf(outer), ...authOf(outer)]) : outer
  const { region, ...place } = readPlace(fields)
  if (fields.has('form')) {
    const form = readForm(fields.get('form'))
    const expiresAtMs = expiry(decodeFields('form.policy', form['policy'] ?? ''), clocks)
    return { ...place, access: { kind: 'form', fields: form }, expiresAtMs, isRefreshable: false }
  }
  if (region === undefined) throw invalid('region is missing, and the endpoint does not tell it')
  const credentials = {
    accessKeyId: headerText('accessKeyId', text(fields, 'accessKeyId')),
    accessKeySecret: text(fields, 'accessKeySecret'),
    securityToken: headerText('securityToken', optionalText(fields, 'securityToken')),
  }
  const isOneWay =
    optionalText(fields, 'imageId') !== undefined || (isVod && optionalText(fields, 'mediaId') !== undefined)
  return {
    ...place,
    access: { kind: 'keys', credentials, region },
    expiresAtMs: expiry(fields, clocks),
    isRefreshable: !isOneWay,
  }
}

/**
 * Reads the answer of `getDestination`.
 *
 * @throws {UploadError} `CREDENTIALS_INVALID`, naming the field
 */
export function readDestination(answer: unknown): Authorization<PresignedAccess> {
  const fields = fieldsOf(answer, 'getDestination must answer with an object')
  const { destination, mediaId } = readPlace(fields)
  const access = { kind: 'presigned' } as const
  return { destination, mediaId, access, expiresAtMs: undefined, isRefreshable: true }
}

interface Place extends Pick<Authorization, 'destination' | 'mediaId'> {
  /** Undefined where nothing tells it. */
  readonly region: string | undefined
}

function readPlace(fields: Fields): Place {
  const { endpoint, region } = endpointAndRegion(fields)
  const bucket = text(fields, 'bucket')
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw invalid(
      `bucket must be 3 to 63 lower-case letters, digits and hyphens, got ${JSON.stringify(bucket)}`,
    )
  }
  return {
    destination: {
      bucket,
      key: checkKey(text(fields, 'key')),
      endpoint: endpoint.origin,
      style: addressStyle(endpoint, fields.get('cname') === true),
    },
    region,
    mediaId:
      optionalText(fields, 'videoId') ?? optionalText(fields, 'imageId') ?? optionalText(fields, 'mediaId'),
  }
}

/** The upload address calls the key `FileName`. */
function addressOf(outer: Fields): Fields {
  const address = decodeFields('uploadAddress', text(outer, 'uploadAddress'))
  return new Map([...address].map(([name, value]) => [name === 'fileName' ? 'key' : name, value]))
}

function authOf(outer: Fields): Fields {
  return decodeFields('uploadAuth', text(outer, 'uploadAuth'))
}

/** Names of a form's fields keep their case. */
function readForm(form: unknown): Readonly<Record<string, string>> {
  const fields = new Map(Object.entries(typeof form === 'object' && form !== null ? form : {}))
  text(fields, 'policy')
  return Object.fromEntries([...fields.keys()].map((name) => [name, text(fields, name)]))
}

/** The endpoint's own name tells the bucket's region most surely; VOD's `Region` is that of the VOD service. */
function endpointAndRegion(fields: Fields): {
  readonly endpoint: URL
  readonly region: string | undefined
} {
  const givenRegion = optionalText(fields, 'region')?.replace(/^oss-/, '')
  const givenEndpoint = optionalText(fields, 'endpoint')
  if (givenEndpoint === undefined && givenRegion === undefined) throw invalid('region or endpoint is missing')
  const endpoint = parseEndpoint(givenEndpoint ?? `https://oss-${givenRegion}.aliyuncs.com`)
  return { endpoint, region: regionOfEndpoint(endpoint) ?? givenRegion }
}

function checkKey(key: string): string {
  const bytes = new TextEncoder().encode(key).length
  if (bytes > MAX_KEY_BYTES)
    throw invalid(`key must have at most ${MAX_KEY_BYTES} bytes of UTF-8, got ${bytes}`)
  if (/^[/\\]/.test(key))
    throw invalid(`key must not start with a slash or backslash, got ${JSON.stringify(key)}`)
  // Half a surrogate pair has no UTF-8.
  if (/\p{Surrogate}/u.test(key)) throw invalid('key must be well-formed Unicode')
  if (key === '.' || key === '..') {
    throw invalid(`key ${JSON.stringify(key)} cannot be sent: browsers take it out of the URL`)
  }
  return key
}
