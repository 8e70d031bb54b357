import { parseArgs } from 'node:util'
import type { OssServerOptions } from './options.ts'

/** What the command line asks for. */
export type CliRequest =
  | { readonly kind: 'run'; readonly options: OssServerOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly message: string }

/** Text of `--help`. */
export const HELP = `oss-server: a local Alibaba Cloud OSS on a folder

Usage: oss-server [options]

  --dir FOLDER       data folder, created when missing (default .data/oss)
  --port NUMBER      port, 0 takes a free one (default 9000)
  --host ADDRESS     address to listen on (default 127.0.0.1)
  --region ID        region that V4 signatures must name (default cn-hangzhou)
  --bucket NAME      bucket to be there, may be repeated; any page may use it (CORS)
  --control          serve /-/faults, where tests order faults
  --help             show this text

Objects are plain files FOLDER/BUCKET/KEY; requests are logged in FOLDER/access.jsonl.
`

const DEFAULT_DIR = '.data/oss'

/**
 * Reads a command line. Flags that are unknown or malformed are refused with a plain sentence; values are checked
 * by the server.
 *
 * @param args arguments behind the program's name
 */
export function parseCli(args: readonly string[]): CliRequest {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        dir: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        region: { type: 'string' },
        bucket: { type: 'string', multiple: true },
        control: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    if (values.help === true) return { kind: 'help' }
    const { dir = DEFAULT_DIR, port, host, region, bucket = [], control } = values
    if (port !== undefined && !/^\d+$/.test(port)) {
      return { kind: 'refused', message: `--port must be a number, got ${port}` }
    }
    return {
      kind: 'run',
      options: {
        dir,
        ...(port !== undefined && { port: Number(port) }),
        ...(host !== undefined && { host }),
        ...(region !== undefined && { region }),
        ...(control !== undefined && { control }),
        buckets: Object.fromEntries(bucket.map((name) => [name, {}])),
      },
    }
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) }
  }
}
