import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.wasm', 'application/wasm'],
])

/** What VOD's documentation gives credentials, in seconds. */
const TTL_SECONDS = 3600

/**
 * The server of an application: its page, and its answers to CreateUploadVideo and RefreshUploadVideo. Each video has
 * an object of its own, which its file's name begins: `sv/<name>/<videoId>`.
 *
 * @typedef {object} Application
 * @property {string} url
 * @property {(next: Answering) => void} answer from now on
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Answering
 * @property {boolean} [isFailing] whether it answers 500 to everything
 * @property {boolean} [isHeld] whether it answers only when it is told otherwise
 * @property {number} [ttlSeconds] lifetime of credentials
 */

/**
 * @param {object} options
 * @param {string} options.pageFolder
 * @param {import('@sluice/oss-server').OssServer} options.oss
 * @param {string} options.bucket
 * @param {string} options.region
 * @returns {Promise<Application>}
 */
export async function startApplication({ pageFolder, oss, bucket, region }) {
  /** @type {Answering} */
  let answering = {}
  /** @type {(() => void)[]} */
  const held = []
  /** @type {Map<string, string>} */
  const keys = new Map()

  /** @param {{ name: string } | { videoId: string }} question */
  const authorize = (question) => {
    const videoId = 'videoId' in question ? question.videoId : `video-${keys.size + 1}`
    const key = 'name' in question ? keyPrefix(question.name) + videoId : keys.get(videoId)
    if (key === undefined) return undefined
    keys.set(videoId, key)
    const ttlSeconds = answering.ttlSeconds ?? TTL_SECONDS
    const token = oss.issueToken({ ttlSeconds, bucket, keys: [key] })
    return {
      VideoId: videoId,
      UploadAddress: base64({ Endpoint: `http://localhost:${oss.port}`, Bucket: bucket, FileName: key }),
      UploadAuth: base64({
        AccessKeyId: token.accessKeyId,
        AccessKeySecret: token.accessKeySecret,
        SecurityToken: token.securityToken,
        Expiration: String(ttlSeconds),
        Region: region,
      }),
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  const answer = async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST') {
      const question = JSON.parse(Buffer.concat(await request.toArray()).toString())
      if (answering.isHeld === true) await new Promise((resolve) => held.push(() => resolve(undefined)))
      const authorization = answering.isFailing === true ? undefined : authorize(question)
      if (authorization === undefined) return void response.writeHead(500).end()
      return void response.end(JSON.stringify(authorization))
    }
    const file = path.join(pageFolder, pathname.endsWith('/') ? 'index.html' : path.normalize(pathname))
    const content = await readFile(file).catch(() => undefined)
    if (content === undefined) return void response.writeHead(404).end()
    response.setHeader('content-type', TYPES.get(path.extname(file)) ?? 'application/octet-stream')
    response.end(content)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://localhost:${typeof address === 'object' ? address?.port : ''}`,
    answer(next) {
      answering = next
      for (const release of held.splice(0)) release()
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Beginning of the keys of a file's videos.
 *
 * @param {string} name
 */
export function keyPrefix(name) {
  return `sv/${name}/`
}

/** @param {object} value */
function base64(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
