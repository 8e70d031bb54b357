/** Temporary credentials for one object. */
export interface IssuedToken {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string
  /** End of their life, an ISO date. */
  readonly expiration: string
}

/** `UploadAddress`: Base64 of JSON that says where the file goes. */
export function toUploadAddress(address: {
  readonly endpoint: string
  readonly bucket: string
  readonly key: string
}): string {
  return toBase64Json({ Endpoint: address.endpoint, Bucket: address.bucket, FileName: address.key })
}

/** `UploadAuth`: Base64 of JSON with the credentials, in the six fields that VOD really sends. */
export function toUploadAuth(token: IssuedToken, ttlSeconds: number, region: string): string {
  return toBase64Json({
    AccessKeyId: token.accessKeyId,
    AccessKeySecret: token.accessKeySecret,
    SecurityToken: token.securityToken,
    // A text of seconds, no date.
    Expiration: String(ttlSeconds),
    // VOD writes whole seconds.
    ExpireUTCTime: token.expiration.replace(/\.\d+Z$/, 'Z'),
    Region: region,
  })
}

function toBase64Json(value: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
