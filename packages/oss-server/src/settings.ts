import { MAX_PART_BYTES, MAX_PUT_BYTES, MIN_PART_BYTES } from './limits.ts'
import type { ServerLimits } from './operations/context.ts'
import { LOCAL_ACCESS_KEY, type OssServerOptions } from './options.ts'

/** Options with every default filled in. */
export interface ServerSettings {
  readonly port: number
  readonly host: string
  readonly region: string
  /** Id to secret. */
  readonly accessKeys: ReadonlyMap<string, string>
  readonly cnames: ReadonlyMap<string, string>
  readonly now: () => number
  readonly hasControl: boolean
  readonly hasDetailCodes: boolean
  readonly copiedPartsHaveCrc: boolean
  readonly bodyIdleTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  readonly limits: ServerLimits
  readonly onInternalError: (error: unknown, requestId: string) => void
}

/** Fills in the defaults. */
export function resolveSettings(options: OssServerOptions): ServerSettings {
  const accessKeys = options.accessKeys ?? [LOCAL_ACCESS_KEY]
  return {
    port: options.port ?? 9000,
    host: options.host ?? '127.0.0.1',
    region: options.region ?? 'cn-hangzhou',
    accessKeys: new Map(accessKeys.map((key) => [key.accessKeyId, key.accessKeySecret])),
    cnames: new Map(Object.entries(options.cnames ?? {})),
    now: options.now ?? Date.now,
    hasControl: options.control ?? false,
    hasDetailCodes: options.detailCodes ?? true,
    copiedPartsHaveCrc: options.copiedPartsHaveCrc ?? false,
    bodyIdleTimeoutMs: options.bodyIdleTimeoutMs ?? 60_000,
    keepAliveTimeoutMs: options.keepAliveTimeoutMs ?? 60_000,
    onInternalError: options.onInternalError ?? reportToStderr,
    limits: {
      maxPutBytes: options.maxPutBytes ?? MAX_PUT_BYTES,
      maxPartBytes: options.maxPartBytes ?? MAX_PART_BYTES,
      minPartBytes: options.minPartBytes ?? MIN_PART_BYTES,
    },
  }
}

function reportToStderr(error: unknown, requestId: string): void {
  process.stderr.write(
    `request ${requestId} failed: ${error instanceof Error ? error.stack : String(error)}\n`,
  )
}
