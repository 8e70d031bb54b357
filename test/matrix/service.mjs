import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { createOssServer } from '@sluice/oss-server'

const REGION = 'cn-hangzhou'
const TTL_SECONDS = 3600
const BUCKET = 'sluice-matrix'

/**
 * A local OSS, and the authorization service of the pages.
 *
 * @typedef {object} Service
 * @property {string} authorizeUrl answers any origin
 * @property {(key: string) => Promise<string | undefined>} sha256 of an object; undefined when there is none
 * @property {(key: string) => Promise<number>} countParts parts that an object was sent in
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} dir data folder
 * @returns {Promise<Service>}
 */
export async function startService(dir) {
  const oss = await createOssServer({ dir, port: 0, region: REGION, buckets: { [BUCKET]: {} } })

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error))
  })
  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  const answer = async (request, response) => {
    const { name, mediaId } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const key = mediaId ?? `${randomUUID()}-${name}`
    const token = oss.issueToken({ ttlSeconds: TTL_SECONDS, bucket: BUCKET, keys: [key] })
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end(JSON.stringify({ bucket: BUCKET, key, region: REGION, endpoint: oss.url, ...token }))
  }
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('The authorization service has no port')
  return {
    authorizeUrl: `http://localhost:${address.port}/`,
    async sha256(key) {
      const bytes = await readFile(path.join(dir, BUCKET, key)).catch(() => undefined)
      return bytes && createHash('sha256').update(bytes).digest('hex')
    },
    async countParts(key) {
      const lines = (await readFile(path.join(dir, 'access.jsonl'), 'utf8')).split('\n').filter(Boolean)
      /** @type {import('@sluice/oss-server').AccessLogEntry[]} */
      const entries = lines.map((line) => JSON.parse(line))
      const parts = entries.filter((entry) => entry.key === key && entry.op === 'UploadPart')
      return new Set(parts.map(({ partNumber }) => partNumber)).size
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await oss.close()
    },
  }
}
