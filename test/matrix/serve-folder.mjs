import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.mjs', 'text/javascript'],
])

/**
 * Serves the files of a folder as they are.
 *
 * @param {string} folder
 * @returns {Promise<import('./run-row.mjs').Site>}
 */
export async function serveFolder(folder) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error))
  })
  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  const answer = async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = path.join(folder, pathname === '/' ? 'index.html' : path.normalize(pathname))
    const content = await readFile(file).catch(() => undefined)
    if (content === undefined) return void response.writeHead(404).end()
    response.setHeader('Content-Type', TYPES.get(path.extname(file)) ?? 'application/octet-stream')
    response.end(content)
  }
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The site has no port')
  return {
    url: `http://localhost:${address.port}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
