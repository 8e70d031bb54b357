import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { AccessLogEntry } from '../http/access-log.ts'
import type { OssServerOptions } from '../options.ts'
import { createOssServer, type OssServer } from '../server.ts'

/** Bucket that test servers have. */
export const BUCKET = 'test-bucket'

/** A fresh folder, removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'oss-server-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** A server for one test, on a fresh folder unless told otherwise, with {@link BUCKET}. */
export async function startServer(
  options: Partial<OssServerOptions> = {},
): Promise<OssServer & { readonly dir: string }> {
  const dir = options.dir ?? (await temporaryFolder())
  const server = await createOssServer({ port: 0, buckets: { [BUCKET]: {} }, ...options, dir })
  onTestFinished(() => server.close())
  return Object.assign(server, { dir })
}

/** Lines of the access log so far. */
export async function readLog(dir: string): Promise<AccessLogEntry[]> {
  const text = await readFile(join(dir, 'access.jsonl'), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): AccessLogEntry => JSON.parse(line))
}
