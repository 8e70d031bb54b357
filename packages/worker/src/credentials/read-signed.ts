import type { HttpRequest } from '../http/http-client.ts'
import { objectUrl, originOf } from '../oss/endpoint.ts'
import type { Destination } from '../oss/endpoint.ts'
import type { RequestToSign } from '../protocol/engine-api.ts'
import type { Clocks } from './expiry.ts'
import { fieldsOf, headerText, invalid, text } from './fields.ts'

/** A request that the application's server has signed. */
export interface SignedRequest {
  readonly http: HttpRequest
  /** In milliseconds since the epoch, by this machine's clock. */
  readonly usableUntilMs: number
}

/** A request has to arrive before its signature ends. */
const MARGIN_MS = 5000

/**
 * How long a signature in the headers is taken for usable, in milliseconds: OSS refuses dates that are 15 minutes off.
 * (OSS documentation, RequestTimeTooSkewed)
 */
const HEADER_LIFE_MS = 10 * 60_000

/**
 * Reads what signed: for each request its URL, or the URL and headers to send beside the request's own.
 *
 * @throws {UploadError} `CREDENTIALS_INVALID`; never with a signature in it
 */
export function readSigned(
  answer: unknown,
  requests: readonly RequestToSign[],
  destination: Destination,
  clocks: Clocks,
): readonly SignedRequest[] {
  const count = Array.isArray(answer) ? `${answer.length}` : 'none'
  if (!Array.isArray(answer) || answer.length !== requests.length)
    throw invalid(`${requests.length} requests were to be signed, got ${count}`)
  return requests.map((request, index) => readOne(answer[index], request, destination, clocks))
}

function readOne(
  item: unknown,
  request: RequestToSign,
  destination: Destination,
  clocks: Clocks,
): SignedRequest {
  const { method, headers } = request
  const fields = fieldsOf(
    typeof item === 'string' ? { url: item } : item,
    'a signed request must be a URL, or an object of url and headers',
  )
  const url = checkUrl(text(fields, 'url'), originOf(destination))
  if (!isFor(url, request, destination))
    throw invalid('a signed URL is of another key, upload or part; the order must be that of the requests')
  const added = fields.get('headers') ?? {}
  const more = new Map(Object.entries(typeof added === 'object' ? added : {}))
  const names = [...more.keys()]
  const given = Object.fromEntries(
    names.map((name) => [name.toLowerCase(), headerValue(name, text(more, name))]),
  )
  return {
    http: { method, url: url.href, headers: { ...headers, ...given } },
    usableUntilMs: endOf(url, clocks) - MARGIN_MS,
  }
}

function checkUrl(given: string, origin: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined) throw invalid('signed URLs must be absolute URLs')
  if (url.origin !== new URL(origin).origin)
    throw invalid(`a signed URL is of ${url.origin}, the upload goes to ${origin}`)
  return url
}

/** Without a checksum nothing else would tell that parts have gone to each other's places. */
function isFor(url: URL, { query }: RequestToSign, destination: Destination): boolean {
  const isSameKey = decodedPath(url) === decodedPath(new URL(objectUrl(destination, {})))
  return isSameKey && Object.entries(query).every(([name, value]) => url.searchParams.get(name) === value)
}

/** Libraries differ in which characters they encode; undefined where they are not decoded. */
function decodedPath({ pathname }: URL): string | undefined {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return undefined
  }
}

/** Other than a secret's, the values may have blanks in them. */
function headerValue(name: string, value: string): string {
  headerText(`header ${name}`, value.replaceAll(' ', '_'))
  return value
}

/**
 * When a signature ends: V4 gives a length of time, V1 a date by the service's clock. One that seems to have ended before
 * it arrived tells of a wrong clock. (OSS documentation, "Add signatures to URLs")
 */
function endOf({ searchParams }: URL, { nowMs, serverNowMs }: Clocks): number {
  const lifeSeconds = Number(searchParams.get('x-oss-expires') ?? NaN)
  if (lifeSeconds > 0) return nowMs + lifeSeconds * 1000
  const endsAtSeconds = Number(searchParams.get('Expires') ?? NaN)
  const leftMs = endsAtSeconds * 1000 - serverNowMs
  if (leftMs > 0) return nowMs + leftMs
  return nowMs + HEADER_LIFE_MS
}
