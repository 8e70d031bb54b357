/** A request to OSS before it is signed, as a plain value. */
export interface OssRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly key: string
  /** Decoded names and values; an empty value is a bare name. */
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** What a signer looks at. Bucket and key may be empty, for requests of a bucket and of the service. */
export interface SignableRequest {
  readonly method: string
  readonly bucket: string
  readonly key: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}
