// Serves the built page at the client's end, so that loading it does not use the link: page-server.mjs FOLDER
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { serveHelper } from './helper.mjs'

const TYPES = new Map([
  ['.html', 'text/html'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
])

const [, , folder = ''] = process.argv
const server = createServer(({ url = '/' }, response) => {
  const { pathname } = new URL(url, 'http://localhost')
  const file = path.join(folder, pathname === '/' ? 'index.html' : pathname)
  const type = TYPES.get(path.extname(file)) ?? 'application/octet-stream'
  readFile(file).then(
    (content) => response.writeHead(200, { 'Content-Type': type }).end(content),
    () => response.writeHead(404).end(),
  )
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
// The loopback address is a secure context, which Web Locks ask for.
await serveHelper({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` })
process.exit()
