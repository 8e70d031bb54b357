import type { OssCredentials, OssForm, RequestToSign } from '@sluice/core'
import type { FaultOrder, TokenOptions } from '@sluice/oss-server'

/** Names of the buckets that the fixture has. */
export const BUCKET = 'sluice-test'
/** Its CORS rule exposes no header at all. */
export const HIDING_BUCKET = 'sluice-hiding'
/** Its CORS rule is for another origin. */
export const REFUSING_BUCKET = 'sluice-refusing'
/** Its CORS rule lets pages read, and nothing else. */
export const READING_BUCKET = 'sluice-reading'

/** Path of the VOD OpenAPI at the fixture's own URL. */
export const VOD_PATH = '/vod-openapi/'

/** Credentials of STS for the VOD OpenAPI. */
export interface StsToken {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string
}

/** Parameters of a call of the VOD OpenAPI. */
export type VodApiCall = Readonly<Partial<Record<string, string>>>

export interface StoredObject {
  readonly sizeBytes: number
  readonly sha256: string
  readonly contentType: string
  /** All that the service answers with it; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** A line of the access log, as far as tests look at it. */
export interface LoggedRequest {
  readonly op: string
  readonly key: string
  readonly partNumber?: number
  readonly status: number
  readonly bytesIn: number
}

export interface CredentialsWish {
  readonly key: string
  readonly bucket?: string
  readonly ttlSeconds?: number
  /** `path`: `http://127.0.0.1:port`; `virtual`: `http://localhost:port`, so that the bucket is in the host. */
  readonly style?: 'path' | 'virtual'
  /** Operations that the token does not allow. */
  readonly denyOperations?: NonNullable<TokenOptions['denyOperations']>
  /** Of a second server that nothing else has connections to. */
  readonly apart?: boolean
  /** Under a name that is bound to the bucket, as a CNAME: `http://files.localhost:port`. */
  readonly cname?: boolean
  /** Of the same server behind a gate that can be cut. */
  readonly gated?: boolean
}

/** What a test in a browser can ask of the local OSS, beside what OSS itself offers. */
export interface OssFixtureApi {
  credentials(wish: CredentialsWish): Promise<OssCredentials>
  /**
   * What a server of an application does that signs requests: URLs, made by another implementation (ali-oss), that end
   * after a while.
   */
  sign(order: {
    readonly requests: readonly RequestToSign[]
    readonly expiresInSeconds?: number
    /** Signs as if it had been done so long ago. */
    readonly agoSeconds?: number
  }): Promise<readonly string[]>
  /** A signed form for a key, made by ali-oss, that ends after an hour. */
  form(
    wish: Pick<CredentialsWish, 'key' | 'bucket'> & {
      /** Signs as if it had been done so long ago. */
      readonly agoSeconds?: number
    },
  ): Promise<OssForm>
  /** Reads the object back through the server; undefined when there is none. */
  stored(target: {
    readonly bucket?: string
    readonly key: string
    readonly apart?: boolean
  }): Promise<StoredObject | undefined>
  /** Upload ids that are open for a key. */
  openUploads(target: { readonly bucket?: string; readonly key: string }): Promise<readonly string[]>
  /** Parts that open uploads for a key have, in all. */
  openParts(target: { readonly key: string }): Promise<number>
  /** Aborts what is open for a key, as a lifecycle rule does. */
  abortUploads(target: { readonly bucket?: string; readonly key: string }): Promise<void>
  /** Requests of uploads for a key, without preflights, in the order in which they ended. */
  log(target: { readonly key: string }): Promise<readonly LoggedRequest[]>
  orderFault(order: FaultOrder): Promise<void>
  clearFaults(): Promise<void>
  /** What becomes of what goes through the gate. */
  setGate(order: { readonly to: 'open' | 'cut' | 'swallow' }): Promise<void>
  /** Most connections to the server apart that were open at a time. */
  peakConnectionsApart(): Promise<number>
  /** A token for the VOD OpenAPI at {@link VOD_PATH}. */
  vodToken(): Promise<StsToken>
  endVodToken(token: { readonly accessKeyId: string }): Promise<void>
  /** What the VOD OpenAPI was asked with a token. */
  vodCalls(token: { readonly accessKeyId: string }): Promise<readonly VodApiCall[]>
  /** Deletes a video from VOD, not its parts from OSS. */
  deleteVideo(video: { readonly videoId: string }): Promise<void>
}
