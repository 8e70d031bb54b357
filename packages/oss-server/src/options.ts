import type { BucketAcl } from './auth/authorize.ts'
import type { CorsRule } from './http/cors.ts'

/** A permanent key pair of the server. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

/**
 * Key pair of a server that was given none. It is printed in the documentation and opens nothing but a data
 * folder on this machine: it is no secret.
 */
export const LOCAL_ACCESS_KEY: AccessKey = {
  accessKeyId: 'LTAI5tSluiceLocalOnly',
  accessKeySecret: 'sluice-local-development-no-secret',
}

/** A bucket to be there from the start. Settings of a bucket that exists already are replaced. */
export interface BucketOptions {
  /** First rule that fits wins; `[]` switches CORS off. @defaultValue any origin, method and header */
  readonly cors?: readonly CorsRule[]
  /** `Vary: Origin` on every answer. @defaultValue false */
  readonly responseVary?: boolean
  /** What may be done without credentials. @defaultValue 'private' */
  readonly acl?: BucketAcl
}

/** Options of {@link createOssServer}. */
export interface OssServerOptions {
  /** Data folder; created when missing. One running server per folder. */
  readonly dir: string
  /** TCP port, 0 to 65535; 0 takes a free one. @defaultValue 9000 */
  readonly port?: number
  /** Address to listen on. @defaultValue '127.0.0.1' */
  readonly host?: string
  /** Region that V4 signatures must name, without `oss-`. @defaultValue 'cn-hangzhou' */
  readonly region?: string
  /** Permanent keys. @defaultValue {@link LOCAL_ACCESS_KEY} alone */
  readonly accessKeys?: readonly AccessKey[]
  /** Buckets by name. @defaultValue none: the first one comes with PutBucket */
  readonly buckets?: Readonly<Record<string, BucketOptions>>
  /** Hosts bound to a bucket: lower-case name without port to bucket. @defaultValue none */
  readonly cnames?: Readonly<Record<string, string>>
  /** Clock of the service, epoch ms. @defaultValue Date.now */
  readonly now?: () => number
  /** Serves `/-/faults`, open to every page that can reach the server. @defaultValue false */
  readonly control?: boolean
  /** EC and RecommendDoc in error answers; older deployments have neither. @defaultValue true */
  readonly detailCodes?: boolean
  /** Whether parts made by UploadPartCopy have a CRC-64. @defaultValue false, as recorded */
  readonly copiedPartsHaveCrc?: boolean
  /** Longest wait for the next byte of a body, ms, 1 or more; then 400 RequestTimeout. @defaultValue 60000 */
  readonly bodyIdleTimeoutMs?: number
  /** How long an idle connection is kept, ms, 1 or more. @defaultValue 60000 */
  readonly keepAliveTimeoutMs?: number
  /** Largest body of PutObject and largest appendable object, bytes. @defaultValue 5 GiB */
  readonly maxPutBytes?: number
  /** Largest part, bytes. @defaultValue 5 GiB */
  readonly maxPartBytes?: number
  /** Smallest part before the last, bytes, 0 or more. @defaultValue 102400 */
  readonly minPartBytes?: number
}
