import path from 'node:path'
import { StartError } from './start-error.ts'

/** What the environment says about a run of the demo. */
export interface Settings {
  /** Port of the page and the authorization service, 0 for any free one. */
  readonly port: number
  /** Port of the local OSS, 0 for any free one. */
  readonly ossPort: number
  /** Absolute path of the folder that holds objects and media ids. */
  readonly dataDir: string
  readonly vod: VodSettings
}

/** Who answers for VOD: the local stand-in, or the real service with an account's key. */
export type VodSettings = { readonly kind: 'local' } | ({ readonly kind: 'openapi' } & VodAccount)

/** An account of Alibaba Cloud. */
export interface VodAccount {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** Present when the key is a temporary one of STS. */
  readonly securityToken: string | undefined
  readonly region: string
}

/**
 * Reads the settings.
 *
 * @param env environment variables: `PORT`, `OSS_PORT`, `DATA_DIR` and those of Alibaba Cloud's tools
 * @param workingDir what a relative `DATA_DIR` starts from
 * @throws {StartError} naming the variable, the rule and, unless it may be a secret, the value
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  workingDir: string,
): Settings {
  return {
    port: readPort('PORT', env['PORT'], 5173),
    ossPort: readPort('OSS_PORT', env['OSS_PORT'], 9000),
    dataDir: path.resolve(workingDir, env['DATA_DIR'] || '.data'),
    vod: readVod(env),
  }
}

function readPort(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined || text === '') return byDefault
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new StartError(`${name} must be a port from 0 (any free one) to 65535, got ${JSON.stringify(text)}`)
}

function readVod(env: Readonly<Record<string, string | undefined>>): VodSettings {
  const accessKeyId = env['ALIBABA_CLOUD_ACCESS_KEY_ID'] || undefined
  const accessKeySecret = env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] || undefined
  if (accessKeyId === undefined && accessKeySecret === undefined) return { kind: 'local' }
  if (accessKeyId === undefined || accessKeySecret === undefined) {
    throw new StartError(
      'ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET belong together: set both, or neither for the local OSS',
    )
  }
  const region = env['ALIBABA_CLOUD_REGION'] || 'cn-shanghai'
  // It becomes part of a host name.
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(region)) {
    throw new StartError(
      `ALIBABA_CLOUD_REGION must be a region id such as cn-shanghai, got ${JSON.stringify(region)}`,
    )
  }
  return {
    kind: 'openapi',
    accessKeyId,
    accessKeySecret,
    securityToken: env['ALIBABA_CLOUD_SECURITY_TOKEN'] || undefined,
    region,
  }
}
