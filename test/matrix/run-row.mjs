import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { start, within } from './command.mjs'
import { makeApplication } from './fixture.mjs'
import { serveFolder } from './serve-folder.mjs'
import { uploadFrom } from './upload.mjs'

const SERVE_LIMIT_MS = 60_000
/** How often it is asked whether a server is there. */
const LOOK_EVERY_MS = 100

/**
 * @typedef {object} Site
 * @property {string} url ends with a slash
 * @property {() => Promise<void>} close
 */

/**
 * What a row came to.
 *
 * @typedef {{ row: import('./rows.mjs').Row, version?: string | undefined, loaded?: import('./watch-page.mjs').Loaded, error?: Error }} Outcome
 */

/**
 * Installs, builds, serves and uploads.
 *
 * @param {import('./rows.mjs').Row} row
 * @param {object} stage
 * @param {string} stage.folder for its files; there is nothing in it
 * @param {readonly string[]} stage.tarballs
 * @param {import('playwright').Browser} stage.browser
 * @param {import('./service.mjs').Service} stage.service
 * @returns {Promise<Outcome>}
 */
export async function runRow(row, { folder, tarballs, browser, service }) {
  const app = path.join(folder, 'app')
  await mkdir(app, { recursive: true })
  /** @type {string | undefined} */
  let version
  /** @type {Site | undefined} */
  let site
  try {
    version = await makeApplication(row, app, tarballs)
    site =
      'folder' in row.site
        ? await serveFolder(path.join(app, row.site.folder))
        : await serveByScript(app, row.site.script)
    await checkRendered(site.url, row.rendered ?? [])
    return { row, version, loaded: await uploadFrom({ browser, url: site.url, folder, service }) }
  } catch (error) {
    return { row, version, error: toError(error) }
  } finally {
    await site?.close()
  }
}

/**
 * @param {string} cwd
 * @param {string} script
 * @returns {Promise<Site>}
 */
async function serveByScript(cwd, script) {
  const port = await freePort()
  const server = start(cwd, 'npm', ['run', script, '--', '--port', String(port)])
  const url = `http://localhost:${port}/`
  const giveUp = new AbortController()
  try {
    await within(
      Promise.race([answers(url, giveUp.signal), server.ended]),
      SERVE_LIMIT_MS,
      `npm run ${script}`,
    )
  } catch (error) {
    await server.end()
    throw new Error(`${toError(error).message}\n${server.tail()}`, { cause: error })
  } finally {
    giveUp.abort()
  }
  return { url, close: () => server.end() }
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function answers(url, signal) {
  while (!signal.aborted) {
    const isThere = await fetch(url, { signal }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isThere) return
    await sleep(LOOK_EVERY_MS)
  }
}

async function freePort() {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}

/**
 * @param {string} url
 * @param {readonly string[]} wanted
 */
async function checkRendered(url, wanted) {
  if (wanted.length === 0) return
  const html = await (await fetch(url)).text()
  for (const text of wanted) {
    if (!html.includes(text)) throw new Error(`the server did not render "${text}"`)
  }
}

/** @param {unknown} error */
function toError(error) {
  return error instanceof Error ? error : new Error(String(error))
}
