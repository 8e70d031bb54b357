import { existsSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import path from 'node:path'
import sirv from 'sirv'
import { StartError } from '../start-error.ts'

/** Goes with the page and, since a worker has a policy of its own, with each of its scripts. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  // CRC-64 is computed in WebAssembly.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  // Any host: `?api=` may point anywhere, and only its answer says where the OSS is.
  "connect-src 'self' http: https:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Serves the built page.
 *
 * @param folder what `vite build` made
 * @throws {StartError} when there is no page in the folder
 */
export function createPage(folder: string): RequestListener {
  if (!existsSync(path.join(folder, 'index.html'))) {
    throw new StartError('The page is not built: run "npm start", or "npm run build" first')
  }
  // `dev` looks at the disk for each request, so that a rebuilt page is seen without a restart.
  const serve = sirv(folder, {
    dev: true,
    etag: true,
    setHeaders(response) {
      response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY)
      response.setHeader('X-Content-Type-Options', 'nosniff')
      response.setHeader('Referrer-Policy', 'no-referrer')
    },
  })
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end()
      return
    }
    serve(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found')
    })
  }
}
