import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createOssServer } from '@sluice/oss-server'
import { openGate } from './gate.mjs'

export const BUCKET = 'sluice-chaos'
const REGION = 'cn-hangzhou'

/**
 * The service that the page uploads to: a local OSS behind a gate.
 *
 * @typedef {object} LocalOss
 * @property {import('@sluice/oss-server').OssServer} server
 * @property {import('./gate.mjs').Gate} gate
 * @property {(key: string, ttlSeconds: number) => import('@sluice/core').OssCredentials & { readonly expiration: string }}
 *   issue credentials for one object
 * @property {() => Promise<readonly LoggedRequest[]>} log all requests so far, in the order of their ends
 * @property {(key: string) => Promise<Buffer | undefined>} read an object's bytes; undefined when there is none
 * @property {() => Promise<void>} close
 */

/** @typedef {import('@sluice/oss-server').AccessLogEntry & { readonly cameMs: number }} LoggedRequest */

/**
 * @param {string} dir data folder
 * @returns {Promise<LocalOss>}
 */
export async function startLocalOss(dir) {
  const server = await createOssServer({ dir, port: 0, region: REGION, buckets: { [BUCKET]: {} } })
  const gate = await openGate(server.port)
  return {
    server,
    gate,
    issue(key, ttlSeconds) {
      const token = server.issueToken({ ttlSeconds, bucket: BUCKET, keys: [key] })
      return { bucket: BUCKET, key, region: REGION, endpoint: `http://127.0.0.1:${gate.port}`, ...token }
    },
    async log() {
      const text = await readFile(path.join(dir, 'access.jsonl'), 'utf8').catch(() => '')
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .map((entry) => ({ ...entry, cameMs: Date.parse(entry.time) }))
    },
    read: (key) => readFile(path.join(dir, BUCKET, key)).catch(() => undefined),
    async close() {
      await gate.close()
      await server.close()
    },
  }
}
