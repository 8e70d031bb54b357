import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { KEY_ROOT } from './plan-fault.mjs'

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.wasm', 'application/wasm'],
])

/** How late credentials come that come too late, in milliseconds: later than the page waits for them. */
const LATE_MS = 5000

/**
 * The server of an application: serves its page, and gives credentials, as one for ApsaraVideo VOD does: each `create`
 * has a key of its own, and `resume` and `refresh` name it again by its media id. Files with plain credentials keep one
 * key.
 *
 * @typedef {object} Application
 * @property {string} url of the page
 * @property {(trouble: { how: 'refuse' | 'late', chance: () => boolean } | undefined) => void} trouble from now on
 * @property {readonly { name: string, atMs: number }[]} denials credentials that did not come in time, by file
 * @property {ReadonlyMap<string, string>} owners names of files by the keys that were given out for them
 * @property {() => Promise<void>} close
 */

/**
 * @param {object} options
 * @param {string} options.pageDir
 * @param {import('./local-oss.mjs').LocalOss['issue']} options.issue
 * @param {(name: string) => import('./plan-files.mjs').PlannedFile} options.fileOf
 * @returns {Promise<Application>}
 */
export async function startApplication({ pageDir, issue, fileOf }) {
  /** @type {{ how: 'refuse' | 'late', chance: () => boolean } | undefined} */
  let trouble
  /** @type {{ name: string, atMs: number }[]} */
  const denials = []
  /** @type {Map<string, string>} */
  const owners = new Map()

  /** @param {{ name: string, mediaId?: string }} question */
  const authorize = ({ name, mediaId }) => {
    const { group, credentials } = fileOf(name)
    const { form, ttlSeconds } = credentials
    const key = mediaId ?? `${keyPrefixOf({ group, name })}${form === 'vod' ? owners.size : 'only'}`
    owners.set(key, name)
    const issued = issue(key, ttlSeconds)
    const expiration = credentials.expiration === 'date' ? issued.expiration : String(ttlSeconds)
    return form === 'plain' ? { ...issued, expiration } : toVod({ ...issued, expiration })
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  const answer = async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/credentials') {
      const question = JSON.parse(Buffer.concat(await request.toArray()).toString())
      if (trouble?.chance() === true) {
        denials.push({ name: question.name, atMs: Date.now() })
        if (trouble.how === 'refuse') return void response.writeHead(503).end()
        return void setTimeout(() => response.end(JSON.stringify(authorize(question))), LATE_MS)
      }
      return void response.end(JSON.stringify(authorize(question)))
    }
    const file = pathname === '/' ? 'index.html' : path.normalize(pathname)
    const content = await readFile(path.join(pageDir, file)).catch(() => undefined)
    if (content === undefined) return void response.writeHead(404).end()
    response.setHeader('content-type', TYPES.get(path.extname(file)) ?? 'application/octet-stream')
    response.end(content)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The application has no port')
  return {
    url: `http://localhost:${address.port}/`,
    trouble: (next) => void (trouble = next),
    denials,
    owners,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Beginning of the keys of a file.
 *
 * @param {{ readonly group: string, readonly name: string }} file
 */
export function keyPrefixOf({ group, name }) {
  return `${KEY_ROOT}${group}/${name}/`
}

/**
 * The form of CreateUploadVideo's answer.
 *
 * @param {import('@sluice/core').OssCredentials} credentials
 */
function toVod({ endpoint, bucket, key, region, accessKeyId, accessKeySecret, securityToken, expiration }) {
  return {
    VideoId: key,
    UploadAddress: base64({ Endpoint: endpoint, Bucket: bucket, FileName: key }),
    UploadAuth: base64({
      AccessKeyId: accessKeyId,
      AccessKeySecret: accessKeySecret,
      SecurityToken: securityToken,
      Region: region,
      Expiration: expiration,
    }),
  }
}

/** @param {object} value */
function base64(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
