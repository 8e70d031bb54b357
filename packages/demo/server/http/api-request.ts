import { TROUBLE_KINDS } from '../trouble/trouble.ts'
import type { TroubleKind } from '../trouble/trouble.ts'
import { invalidParameter, missingParameter } from '../vod/vod-error.ts'
import { DEFAULT_TTL_SECONDS } from '../vod/local-vod-service.ts'
import type { CreateRequest, RefreshRequest } from '../vod/vod-service.ts'

/** What a page sends: JSON in the body, `ttl` in the query. */
export interface ApiInput {
  readonly body: string
  readonly query: URLSearchParams
}

/**
 * Reads the input of `create` and `create-image`: `name`, and optionally `size` in bytes.
 *
 * @throws {VodError} `MissingParameter` or `InvalidParameter`
 */
export function toCreateRequest(input: ApiInput): CreateRequest {
  const fields = fieldsOf(input.body)
  const fileName = requiredText(fields, 'name', 'FileName')
  // Control characters are in no name that a person gave.
  if (/\p{Cc}/u.test(fileName)) throw invalidParameter('FileName', 'free of control characters')
  return { fileName, sizeBytes: optionalSize(fields), ttlSeconds: readTtl(input.query) }
}

/**
 * Reads the input of `refresh`: `mediaId`.
 *
 * @throws {VodError} `MissingParameter` or `InvalidParameter`
 */
export function toRefreshRequest(input: ApiInput): RefreshRequest {
  const videoId = requiredText(fieldsOf(input.body), 'mediaId', 'VideoId')
  return { videoId, ttlSeconds: readTtl(input.query) }
}

/**
 * Reads the input of `trouble`: `kind`.
 *
 * @throws {VodError} `MissingParameter` or `InvalidParameter`
 */
export function toTroubleKind(input: ApiInput): TroubleKind {
  const text = requiredText(fieldsOf(input.body), 'kind', 'kind')
  const kind = TROUBLE_KINDS.find((known) => known === text)
  if (kind === undefined) throw invalidParameter('kind', `one of ${TROUBLE_KINDS.join(', ')}`)
  return kind
}

/** Fields of a JSON object by name. */
type Fields = ReadonlyMap<string, unknown>

function fieldsOf(body: string): Fields {
  const value = parseJson(body)
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return new Map(Object.entries(value))
  throw invalidParameter('body', 'a JSON object')
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw invalidParameter('body', 'JSON')
  }
}

function requiredText(fields: Fields, name: string, parameter: string): string {
  const value = fields.get(name)
  if (value === undefined || value === null || value === '') throw missingParameter(parameter)
  if (typeof value === 'string') return value
  throw invalidParameter(parameter, 'a text')
}

function optionalSize(fields: Fields): number | undefined {
  const value = fields.get('size')
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw invalidParameter('FileSize', 'a whole number of bytes')
}

function readTtl(query: URLSearchParams): number | undefined {
  const text = query.get('ttl')
  if (text === null) return undefined
  const ttlSeconds = Number(text)
  if (/^\d+$/.test(text) && ttlSeconds >= 1 && ttlSeconds <= DEFAULT_TTL_SECONDS) return ttlSeconds
  throw invalidParameter('ttl', `a whole number of seconds from 1 to ${DEFAULT_TTL_SECONDS}`)
}
