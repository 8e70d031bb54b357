import { fromBase64, toBase64 } from './base64.ts'
import { mediaKind } from './upload-info.ts'
import type { UploadInfo } from './upload-info.ts'

/** Fields of `UploadAddress`. */
export interface UploadAddress {
  readonly Endpoint: string
  readonly Bucket: string
  readonly FileName: string
}

/** Temporary credentials of STS, as `setSTSToken()` and its kin take them. */
export interface StsToken {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string
  /** Seconds from now, or an ISO date. */
  readonly expireTime: string | number | undefined
}

/** Credentials of STS from plain values; undefined when one of them is missing. */
export function toToken(
  accessKeyId: string | undefined,
  accessKeySecret: string | undefined,
  securityToken: string | undefined,
  expireTime?: string | number,
): StsToken | undefined {
  if (!accessKeyId || !accessKeySecret || !securityToken) return undefined
  return { accessKeyId, accessKeySecret, securityToken, expireTime: expireTime || undefined }
}

/** Decodes `UploadAddress`; undefined when it is none. */
export function readAddress(text: unknown): UploadAddress | undefined {
  const { Endpoint, Bucket, FileName } = decode(text) ?? {}
  if (typeof Endpoint !== 'string' || typeof Bucket !== 'string' || typeof FileName !== 'string')
    return undefined
  return { Endpoint, Bucket, FileName }
}

/** Where a file goes: what was given to `addFile()` goes before what the application's server says. */
export function placeOf({ _endpoint, _bucket, _object }: UploadInfo, address: UploadAddress): UploadAddress {
  return {
    Endpoint: _endpoint === undefined ? address.Endpoint : preferHttps(_endpoint),
    Bucket: _bucket ?? address.Bucket,
    FileName: _object ?? address.FileName,
  }
}

/** Where a file goes by what was given to `addFile()` alone; undefined where bucket or object is missing. */
export function directPlaceOf({
  _endpoint,
  _bucket,
  _object,
  region,
}: UploadInfo): UploadAddress | undefined {
  if (_bucket === undefined || _object === undefined) return undefined
  const Endpoint = _endpoint === undefined ? `https://oss-${region}.aliyuncs.com` : preferHttps(_endpoint)
  return { Endpoint, Bucket: _bucket, FileName: _object }
}

/** VOD's examples give endpoints of OSS with `http:`, and its SDK sent by https nevertheless. */
function preferHttps(endpoint: string): string {
  return endpoint.replace(/^http:(?=\/\/[\w.-]+\.aliyuncs\.com\/?$)/i, 'https:')
}

/** Whether a text is an `UploadAuth`. */
export function isAuth(text: unknown): text is string {
  const { AccessKeyId, AccessKeySecret } = decode(text) ?? {}
  return typeof AccessKeyId === 'string' && typeof AccessKeySecret === 'string'
}

/** The region that an `UploadAuth` is for, where it tells. */
export function regionOf(auth: string): string | undefined {
  const { Region } = decode(auth) ?? {}
  return typeof Region === 'string' && Region !== '' ? Region : undefined
}

/** `UploadAuth` of plain values. */
export function encodeAuth(token: StsToken, region: string): string {
  const { accessKeyId, accessKeySecret, securityToken, expireTime } = token
  const fields = {
    AccessKeyId: accessKeyId,
    AccessKeySecret: accessKeySecret,
    SecurityToken: securityToken,
    ...(expireTime === undefined ? {} : { Expiration: String(expireTime) }),
    Region: region,
  }
  return toBase64(JSON.stringify(fields))
}

/** The OpenAPI's answer, as `getCredentials` gives it. */
export function toAnswer(
  info: UploadInfo,
  auth: string,
  address: UploadAddress,
): Readonly<Record<string, string>> {
  const answer = { UploadAuth: auth, UploadAddress: toBase64(JSON.stringify(address)) }
  const kind = mediaKind(info)
  if (kind === 'video') return info.videoId === undefined ? answer : { ...answer, VideoId: info.videoId }
  // By its id the engine knows media whose credentials cannot be refreshed: it begins anew at another address.
  const id = info.videoId ?? address.FileName
  return { ...answer, ...(kind === 'image' ? { ImageId: id } : { MediaId: id }) }
}

function decode(text: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const json: unknown = JSON.parse(fromBase64(text))
    return typeof json === 'object' && json !== null ? { ...json } : undefined
  } catch {
    return undefined
  }
}
