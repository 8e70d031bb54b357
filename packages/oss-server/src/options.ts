import type { BucketAcl } from './auth/authorize.ts'
import { corsRuleRule, type CorsRule } from './http/cors.ts'
import { MAX_CORS_RULES, MAX_PART_BYTES, MAX_PUT_BYTES, MIN_PART_BYTES } from './limits.ts'
import {
  boolean,
  callable,
  integer,
  listOf,
  nonEmptyText,
  object,
  oneOf,
  optional,
  recordOf,
  text,
  type Rule,
} from './rules/rule.ts'

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

/** A bucket to be there from the start. A bucket that exists already keeps what is left out here. */
export interface BucketOptions {
  /** At most 10; the first rule that fits wins; `[]` switches CORS off. @defaultValue any origin, method, header */
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
  /** Hosts bound to a bucket: lower-case name without port, to bucket. @defaultValue none */
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
  /** Largest body of PutObject and largest appendable object, bytes, up to the default. @defaultValue 5 GiB */
  readonly maxPutBytes?: number
  /** Largest part, bytes, up to the default. @defaultValue 5 GiB */
  readonly maxPartBytes?: number
  /** Smallest part before the last, bytes, 0 or more. @defaultValue 102400 */
  readonly minPartBytes?: number
  /** Told what made an answer 500. @defaultValue writes it to standard error */
  readonly onInternalError?: (error: unknown, requestId: string) => void
}

/** Longest timeout that Node's timers hold. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** What {@link OssServerOptions} must be at run time. */
export const optionsRule: Rule<OssServerOptions> = object<OssServerOptions>({
  dir: nonEmptyText,
  port: optional(integer(0, 65_535)),
  host: optional(nonEmptyText),
  region: optional(nonEmptyText),
  accessKeys: optional(
    listOf(object<AccessKey>({ accessKeyId: nonEmptyText, accessKeySecret: nonEmptyText })),
  ),
  buckets: optional(
    recordOf(
      object<BucketOptions>({
        cors: optional(listOf(corsRuleRule, { max: MAX_CORS_RULES })),
        responseVary: optional(boolean),
        acl: optional(oneOf(['private', 'public-read', 'public-read-write'])),
      }),
    ),
  ),
  cnames: optional(recordOf(text)),
  now: optional(callable<() => number>()),
  control: optional(boolean),
  detailCodes: optional(boolean),
  copiedPartsHaveCrc: optional(boolean),
  bodyIdleTimeoutMs: optional(integer(1, MAX_TIMEOUT_MS)),
  keepAliveTimeoutMs: optional(integer(1, MAX_TIMEOUT_MS)),
  maxPutBytes: optional(integer(0, MAX_PUT_BYTES)),
  maxPartBytes: optional(integer(0, MAX_PART_BYTES)),
  minPartBytes: optional(integer(0, MIN_PART_BYTES)),
  onInternalError: optional(callable<(error: unknown, requestId: string) => void>()),
})
