import type { StsToken } from './authorization.ts'
import { signRpcQuery } from './rpc-signature.ts'
import type { HmacSha1 } from './rpc-signature.ts'
import { mediaKind } from './upload-info.ts'
import type { UploadInfo } from './upload-info.ts'

/** An operation of the VOD OpenAPI with its parameters, the common ones apart. */
export interface Operation {
  readonly action:
    | 'CreateUploadVideo'
    | 'RefreshUploadVideo'
    | 'CreateUploadImage'
    | 'CreateUploadAttachedMedia'
  readonly parameters: Readonly<Record<string, string>>
}

/** What the four operations answer, as far as it is used. */
export interface OperationAnswer {
  readonly uploadAuth: string
  readonly uploadAddress: string
  readonly mediaId: string | undefined
}

export interface OpenApiEffects {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly hmacSha1: HmacSha1
  readonly now: () => Date
  readonly createNonce: () => string
}

/** The OpenAPI refused, with its own code and message. */
export class OpenApiError extends Error {
  override readonly name = 'OpenApiError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Longest `Title`, in characters. (CreateUploadVideo, https://www.alibabacloud.com/help/doc-detail/55407.htm) */
const MAX_TITLE_CHARS = 128

/** Longest time to wait for an answer. */
const TIMEOUT_MS = 30_000

/**
 * What to ask VOD for a file. Each field of `Vod` is a parameter under its own name, so that those are sent too that VOD
 * learns later; what is not told is taken from the file.
 */
export function toOperation(info: UploadInfo): Operation {
  const { file, videoId } = info
  const given = toParameters(info.videoInfo)
  const extension = /\.([^.]*)$/.exec(file.name)?.[1]?.toLowerCase() ?? ''
  // Cut between characters, never within one.
  const named = { Title: Array.from(file.name).slice(0, MAX_TITLE_CHARS).join('') }
  const sized = { FileName: file.name, FileSize: String(file.size) }
  switch (mediaKind(info)) {
    case 'video':
      if (videoId !== undefined) return { action: 'RefreshUploadVideo', parameters: { VideoId: videoId } }
      return { action: 'CreateUploadVideo', parameters: { ...named, ...sized, ...given } }
    case 'image':
      return {
        action: 'CreateUploadImage',
        parameters: { ...named, ImageType: 'default', ImageExt: extension, ...given },
      }
    case 'attached':
      return {
        action: 'CreateUploadAttachedMedia',
        parameters: { ...named, ...sized, MediaExt: extension, ...given },
      }
  }
}

/**
 * Calls the VOD OpenAPI with the credentials of STS.
 *
 * @param endpoint URL of the OpenAPI
 * @throws {OpenApiError} when it refuses, or its answer cannot be read
 * @throws {UploadError} `CREDENTIALS_FAILED` where pages cannot sign
 * @throws {Error} when no answer comes
 */
export async function callOpenApi(
  endpoint: string,
  { action, parameters }: Operation,
  token: StsToken,
  { fetch, hmacSha1, now, createNonce }: OpenApiEffects,
  signal: AbortSignal,
): Promise<OperationAnswer> {
  const query = await signRpcQuery(
    {
      ...parameters,
      Action: action,
      Version: '2017-03-21',
      Format: 'JSON',
      AccessKeyId: token.accessKeyId,
      SecurityToken: token.securityToken,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: createNonce(),
      // Seconds without a fraction. (VOD, "Common parameters")
      Timestamp: `${now().toISOString().slice(0, 19)}Z`,
    },
    token.accessKeySecret,
    hmacSha1,
  )
  const init: RequestInit = {
    credentials: 'omit',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }
  const { status, text } = await read(fetch, `${endpoint}?${query}`, init).catch((error: unknown) => {
    // The browser's own words may quote the URL, which has the token.
    const name = error instanceof Error ? error.name : typeof error
    throw new Error(`${action} of ApsaraVideo VOD was not answered (${name}).`)
  })
  const { UploadAuth, UploadAddress, VideoId, ImageId, MediaId, Code, Message } = toFields(text)
  if (UploadAuth !== undefined && UploadAddress !== undefined)
    return { uploadAuth: UploadAuth, uploadAddress: UploadAddress, mediaId: VideoId ?? ImageId ?? MediaId }
  throw new OpenApiError(
    // The word of `AliyunUpload.Vod` where the OpenAPI has none.
    Code ?? 'GetUploadAuthFailed',
    withoutSigned(Message) ??
      `${action} of ApsaraVideo VOD was answered with HTTP status ${status}, and no credentials.`,
  )
}

async function read(
  fetch: OpenApiEffects['fetch'],
  url: string,
  init: RequestInit,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url, init)
  return { status: response.status, text: await response.text() }
}

/** Fields of `Vod` as parameters. `UserData` may be given as an object, as the OpenAPI takes JSON for it. */
function toParameters(videoInfo: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const told = Object.entries(videoInfo).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return Object.fromEntries(told.map(([name, value]) => [name, toText(value)]))
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Of a signature that is wrong the OpenAPI says last what it has signed itself, which has the token. */
function withoutSigned(message: string | undefined): string | undefined {
  return message?.replace(/\s*(server )?string to sign\b.*$/is, '')
}

/** The texts of a JSON object; none when it is no such thing: a proxy's page, say. */
function toFields(text: string): Readonly<Partial<Record<string, string>>> {
  try {
    const json: unknown = JSON.parse(text)
    const fields = Object.entries(typeof json === 'object' && json !== null ? json : {})
    return Object.fromEntries(fields.filter(([, value]) => typeof value === 'string' && value !== ''))
  } catch {
    return {}
  }
}
