import type { UploadInfo } from './upload-info.ts'

/** Fields of `UploadAddress`. */
export interface UploadAddress {
  readonly Endpoint: string
  readonly Bucket: string
  readonly FileName: string
}

/** Decodes `UploadAddress`; undefined when it is none. */
export function readAddress(text: unknown): UploadAddress | undefined {
  const { Endpoint, Bucket, FileName } = decode(text) ?? {}
  if (typeof Endpoint !== 'string' || typeof Bucket !== 'string' || typeof FileName !== 'string')
    return undefined
  return { Endpoint, Bucket, FileName }
}

/** Whether a text is an `UploadAuth`. */
export function isAuth(text: unknown): text is string {
  const { AccessKeyId, AccessKeySecret } = decode(text) ?? {}
  return typeof AccessKeyId === 'string' && typeof AccessKeySecret === 'string'
}

/** `UploadAuth` of plain values. */
export function encodeAuth(
  accessKeyId: string,
  accessKeySecret: string,
  securityToken: string,
  expireTime: string | number | undefined,
  region: string | undefined,
): string {
  const fields = {
    AccessKeyId: accessKeyId,
    AccessKeySecret: accessKeySecret,
    SecurityToken: securityToken,
    ...(expireTime === undefined ? {} : { Expiration: String(expireTime) }),
    ...(region === undefined ? {} : { Region: region }),
  }
  return btoa(JSON.stringify(fields))
}

/** The OpenAPI's answer, as `getCredentials` gives it. */
export function toAnswer(
  { videoId, isImage }: UploadInfo,
  auth: string,
  address: string,
): Readonly<Record<string, string>> {
  const id = videoId === undefined ? {} : isImage ? { ImageId: videoId } : { VideoId: videoId }
  return { UploadAuth: auth, UploadAddress: address, ...id }
}

function decode(text: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const json: unknown = JSON.parse(atob(text))
    return typeof json === 'object' && json !== null ? { ...json } : undefined
  } catch {
    return undefined
  }
}
