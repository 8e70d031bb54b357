import { UploadError } from '../protocol/errors.ts'
import { addressStyle, parseEndpoint, regionOfEndpoint } from '../oss/endpoint.ts'
import type { Destination } from '../oss/endpoint.ts'
import { MAX_KEY_BYTES } from '../oss/limits.ts'
import type { Credentials } from '../oss/sign/signer.ts'

/** What the application answered, understood: where to, with which secrets, for which media. */
export interface Authorization {
  readonly destination: Destination
  readonly credentials: Credentials
  readonly mediaId: string | undefined
  /** An image's credentials cannot be refreshed: new ones are for a new image with a new key. */
  readonly isImage: boolean
}

/** What time it is, here and there: the clock of a user's machine may be off by hours. */
export interface Clocks {
  /** Milliseconds since the epoch, of this machine. */
  readonly nowMs: number
  /** The same moment by the service's clock, as far as it is known. */
  readonly serverNowMs: number
}

/** Fields by their names with a lower-case first letter. */
type Fields = ReadonlyMap<string, unknown>

/**
 * Reads the answer of `getCredentials`: the VOD OpenAPI's JSON as it is (`UploadAuth` and `UploadAddress`, Base64 of
 * JSON), or plain fields. The first letter of a name may have any case.
 *
 * @throws {UploadError} `CREDENTIALS_INVALID`, naming the field; never with a value of it that could be a secret
 */
export function readAuthorization(answer: unknown, clocks: Clocks): Authorization {
  const outer = fieldsOf(answer, 'getCredentials must answer with an object of credentials')
  const isVod = outer.has('uploadAuth') || outer.has('uploadAddress')
  const fields = isVod
    ? new Map([...outer, ...renamed(decode(outer, 'uploadAddress')), ...decode(outer, 'uploadAuth')])
    : outer

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
      region,
    },
    credentials: {
      accessKeyId: headerText('accessKeyId', text(fields, 'accessKeyId')),
      accessKeySecret: text(fields, 'accessKeySecret'),
      securityToken: headerText('securityToken', optionalText(fields, 'securityToken')),
      expiresAtMs: expiry(fields, clocks),
    },
    mediaId:
      optionalText(fields, 'videoId') ?? optionalText(fields, 'imageId') ?? optionalText(fields, 'mediaId'),
    isImage: optionalText(fields, 'imageId') !== undefined,
  }
}

/** The upload address calls the key `FileName`. */
function renamed(address: Fields): Fields {
  return new Map([...address].map(([name, value]) => [name === 'fileName' ? 'key' : name, value]))
}

function decode(outer: Fields, name: string): Fields {
  const base64 = text(outer, name)
  const json = fromBase64(base64)
  if (json === undefined) throw invalid(`${name} is not Base64 (${base64.length} characters)`)
  try {
    return fieldsOf(JSON.parse(json), `${name} must hold an object`)
  } catch (error) {
    // The parser's own message quotes the text, which may be a secret: it is not passed on.
    if (error instanceof SyntaxError) throw invalid(`${name} is Base64, but not of JSON`)
    throw error
  }
}

function fromBase64(base64: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64.trim()), (char) => char.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function fieldsOf(value: unknown, rule: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(
      `${rule}, got ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value}`,
    )
  }
  return new Map(
    Object.entries(value).map(([name, field]) => [name.charAt(0).toLowerCase() + name.slice(1), field]),
  )
}

function text(fields: Fields, name: string): string {
  const value = optionalText(fields, name)
  if (value === undefined) throw invalid(`${name} is missing`)
  return value
}

function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields.get(name)
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw invalid(`${name} must be a text, got ${typeof value}`)
  return value
}

/** A browser that refuses a header quotes its value in the error, which must not happen to a secret. */
function headerText<T extends string | undefined>(name: string, value: T): T {
  if (value !== undefined && !/^[\x21-\x7e]+$/.test(value))
    throw invalid(`${name} must be printable ASCII without blanks`)
  return value
}

/** The endpoint's own name tells the bucket's region most surely; VOD's `Region` is that of the VOD service. */
function endpointAndRegion(fields: Fields): { readonly endpoint: URL; readonly region: string } {
  const givenRegion = optionalText(fields, 'region')?.replace(/^oss-/, '')
  const givenEndpoint = optionalText(fields, 'endpoint')
  if (givenEndpoint === undefined && givenRegion === undefined) throw invalid('region or endpoint is missing')
  const endpoint = parseEndpoint(givenEndpoint ?? `https://oss-${givenRegion}.aliyuncs.com`)
  const region = regionOfEndpoint(endpoint) ?? givenRegion
  if (region === undefined) {
    throw invalid(`region is missing, and the endpoint ${endpoint.host} does not tell it`)
  }
  return { endpoint, region }
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

/**
 * When the credentials end, by the clock of this machine. `Expiration` in seconds wins over `ExpireUTCTime`: a length of
 * time is right whatever the clock says, while a date has to be compared with the service's clock. `Expiration` is
 * seconds as a text in VOD's answers, an ISO date in STS's. (VOD documentation, "Upload URLs and credentials")
 *
 * Credentials that seem to have ended before they arrived tell of a wrong clock, not of their end: undefined then, and
 * the service says when they end.
 */
function expiry(fields: Fields, { nowMs, serverNowMs }: Clocks): number | undefined {
  const [expiration, utcTime] = [fields.get('expiration'), fields.get('expireUTCTime')].map((value) =>
    value === null || value === '' ? undefined : value,
  )
  const seconds = secondsOf(expiration)
  if (seconds !== undefined) return seconds > 0 ? nowMs + seconds * 1000 : undefined
  const date = utcTime ?? expiration
  if (date === undefined) return undefined
  const endsAtMs = typeof date === 'string' ? Date.parse(date) : NaN
  if (Number.isNaN(endsAtMs)) {
    throw invalid(`expiration must be an ISO date or a number of seconds, got ${JSON.stringify(date)}`)
  }
  return endsAtMs > serverNowMs ? nowMs + (endsAtMs - serverNowMs) : undefined
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}

function invalid(words: string): UploadError {
  return new UploadError('CREDENTIALS_INVALID', `Credentials: ${words}`)
}
