import { randomBytes } from 'node:crypto'
import { createTokenSeries } from './auth/token-series.ts'
import { sealToken, temporarySecret, tokenScopeRules, type TokenScope } from './auth/tokens.ts'
import { createFaultBoard, type FaultBoard } from './faults/fault-board.ts'
import { openAccessLog } from './http/access-log.ts'
import { ALLOW_ALL_RULE, corsRuleRule, type CorsRule } from './http/cors.ts'
import type { Environment } from './http/environment.ts'
import { runExchange } from './http/exchange.ts'
import { listen, type ConnectionCount } from './http/listener.ts'
import { MAX_CORS_RULES, MAX_TOKEN_TTL_SECONDS } from './limits.ts'
import { optionsRule, type BucketOptions, type OssServerOptions } from './options.ts'
import { breakRule, listOf, numberAbove, object, type Rule } from './rules/rule.ts'
import { resolveSettings } from './settings.ts'
import { isBucketName } from './store/bucket-store.ts'
import { openStore, type Store } from './store/store.ts'
import type { OpenUpload } from './store/upload-store.ts'

/** Temporary credentials, as STS gives them. */
export interface IssuedToken {
  /** Begins with `STS.`. */
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string
  /** ISO 8601, to the millisecond. */
  readonly expiration: string
}

/** What {@link OssServer.issueToken} is asked for: a lifetime and a scope. */
export interface TokenOptions extends TokenScope {
  /** Lifetime in seconds from now, above 0, at most 43200; fractions are allowed. */
  readonly ttlSeconds: number
}

const tokenOptionsRule: Rule<TokenOptions> = object<TokenOptions>({
  ...tokenScopeRules,
  ttlSeconds: numberAbove(0, MAX_TOKEN_TTL_SECONDS),
})

/** A running server. */
export interface OssServer {
  /** `http://127.0.0.1:port`: path style. The virtual host of a bucket is `http://<bucket>.localhost:port`. */
  readonly url: string
  /** TCP port that is listened on. */
  readonly port: number
  /** Faults to order. A request may meet several. */
  readonly faults: Omit<FaultBoard, 'fire' | 'isStanding'>
  /** Connections that carried a request. */
  readonly openConnections: ConnectionCount
  /** Counts the peak of {@link openConnections} from now on. */
  resetPeakConnections(): void
  /**
   * Resets every connection that is open now, in the middle of what goes over it. New ones are taken. Has no effect on
   * requests that were answered.
   *
   * @returns how many requests that cut short
   */
  dropConnections(): number
  /**
   * Offline, the server resets every connection that is open, and each new one as soon as it is made: preflights and
   * the control endpoint are not answered either. It starts online. May be told the same twice.
   */
  setOnline(isOnline: boolean): void
  /**
   * Makes temporary credentials; they outlive a restart on the same data folder.
   *
   * @throws RuleError naming the option and its rule
   */
  issueToken(options: TokenOptions): IssuedToken
  /**
   * Refuses all temporary credentials issued until now with SecurityTokenExpired, also in presigned URLs and forms, until
   * the server is closed: a restart on the data folder takes those again that have not ended by themselves. Requests that
   * were let in go on; permanent keys stay good.
   */
  expireTokens(): void
  /**
   * Replaces the CORS rules of a bucket; none switch CORS off.
   *
   * @throws RuleError naming the field and its rule; Error when there is no such bucket
   */
  setCors(bucket: string, rules: readonly CorsRule[]): Promise<void>
  /** Open multipart uploads of a bucket, as they are now. */
  listUploads(bucket: string): readonly OpenUpload[]
  /** Stops: open connections are ended, running requests are seen to their end. May be called again. */
  close(): Promise<void>
}

/**
 * Starts a local OSS on a data folder.
 *
 * @param options only `dir` is required
 * @returns the running server
 * @throws RuleError naming the option and its rule
 * @throws Error with code EADDRINUSE when the port is taken; nothing in the folder was touched then
 * @example
 * const server = await createOssServer({ dir: '.data/oss', port: 0, buckets: { media: {} } })
 */
export async function createOssServer(options: OssServerOptions): Promise<OssServer> {
  const checked = optionsRule.check(options, '')
  const buckets = Object.entries(checked.buckets ?? {})
  for (const [bucket] of buckets) {
    if (!isBucketName(bucket)) {
      breakRule('buckets', 'named by 3 to 63 lower-case letters, digits and hyphens', bucket)
    }
  }
  const settings = resolveSettings(checked)
  const faults = createFaultBoard()
  const tokenSeries = createTokenSeries()

  // Listening comes first: a second server on the same port fails before it touches the data folder.
  let environment: Promise<Environment> | undefined
  const open = async (): Promise<Environment> => {
    const store = await openStore(checked.dir)
    for (const [bucket, bucketOptions] of buckets)
      await putBucket(store, bucket, bucketOptions, settings.now())
    return { settings, store, faults, tokenSeries, log: openAccessLog(store.layout.accessLog) }
  }
  const listener = await listen(settings, async (channel) => {
    environment ??= open()
    await runExchange(channel, await environment)
  })
  environment ??= open()
  const { store, log } = await environment.catch(async (error: unknown) => {
    await listener.close()
    throw error
  })

  let closing: Promise<void> | undefined
  const closeAll = async (): Promise<void> => {
    await listener.close()
    await store.close()
    log.close()
  }

  return {
    url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${listener.port}`,
    port: listener.port,
    faults,
    get openConnections() {
      return listener.connections()
    },
    resetPeakConnections: () => listener.resetPeak(),
    dropConnections: () => listener.dropConnections(),
    setOnline: (isOnline) => listener.setOnline(isOnline),

    issueToken(tokenOptions) {
      const { ttlSeconds, ...scope } = tokenOptionsRule.check(tokenOptions, '')
      const accessKeyId = `STS.${randomBytes(18).toString('base64url')}`
      const expiresAtMs = settings.now() + ttlSeconds * 1000
      return {
        accessKeyId,
        accessKeySecret: temporarySecret(store.tokenSecret, accessKeyId),
        securityToken: sealToken(store.tokenSecret, {
          ...scope,
          accessKeyId,
          expiresAtMs,
          series: tokenSeries.current(),
        }),
        expiration: new Date(expiresAtMs).toISOString(),
      }
    },
    expireTokens: () => tokenSeries.expireAll(),

    async setCors(bucket, rules) {
      const cors = listOf(corsRuleRule, { max: MAX_CORS_RULES }).check(rules, 'rules')
      const existing = store.buckets.get(bucket)
      if (existing === undefined) throw new Error(`there is no bucket ${bucket}`)
      await store.buckets.put(bucket, { ...existing, cors })
    },

    listUploads: (bucket) =>
      store.uploads
        .list(bucket)
        .map(({ uploadId, key, initiatedMs, headers, acl, tags, isSequential, parts }) => ({
          uploadId,
          bucket,
          key,
          initiatedMs,
          headers,
          acl,
          tags,
          isSequential,
          parts: new Map(parts),
        })),

    close() {
      closing ??= closeAll()
      return closing
    },
  }
}

async function putBucket(
  store: Store,
  bucket: string,
  { cors, responseVary, acl }: BucketOptions,
  nowMs: number,
): Promise<void> {
  const existing = store.buckets.get(bucket)
  await store.buckets.put(bucket, {
    createdMs: existing?.createdMs ?? nowMs,
    acl: acl ?? existing?.acl ?? 'private',
    cors: cors ?? existing?.cors ?? [ALLOW_ALL_RULE],
    responseVary: responseVary ?? existing?.responseVary ?? false,
  })
}
