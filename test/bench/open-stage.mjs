import { execFile } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openBarePage } from '../harness/bare-chromium.mjs'
import { startHelper } from '../measure/links/helper.mjs'
import { openLink } from '../measure/links/open-link.mjs'

/**
 * Where a workload runs: one browser, one server, and the link between them.
 *
 * @typedef {object} Stage
 * @property {import('../harness/bare-chromium.mjs').BarePage} browser a tab that stays idle
 * @property {import('../measure/links/helper.mjs').Helper} service
 * @property {string} endpoint of the service, without the bucket
 * @property {() => Promise<void>} [restartLink] starts the link anew: its queue and its clock
 */

/** A name, since buckets have hosts of their own, as on the real service, and some contenders do without addresses. */
const HOST = 'oss.test'

const SERVICE = fileURLToPath(new URL('service.mjs', import.meta.url))
const PAGE_SERVER = fileURLToPath(new URL('../measure/links/page-server.mjs', import.meta.url))
const PAGE = fileURLToPath(new URL('../../packages/demo/dist/page/', import.meta.url))

/**
 * @param {import('./workloads.mjs').Workload} workload
 * @param {string} folder for what is needed for a while
 * @param {import('../measure/links/cleanup.mjs').Cleanup} cleanup
 * @returns {Promise<Stage>}
 */
export async function openStage({ link }, folder, cleanup) {
  const open = link === undefined ? undefined : cleanup.add(await openLink('cubic'), (it) => it.close())
  const tls = link?.isHttp2 === true ? await makeCertificate(folder) : []
  const serverIp = open?.serverIp ?? '127.0.0.1'
  const service = cleanup.add(
    await startHelper([...(open?.inServer ?? []), process.execPath, SERVICE, serverIp, ...tls]),
    (it) => it.stop(),
  )
  const pages = cleanup.add(
    await startHelper([...(open?.inClient ?? []), process.execPath, PAGE_SERVER, PAGE]),
    (it) => it.stop(),
  )
  const browser = cleanup.add(
    await openBarePage(`${pages.ready.url}/bench.html`, undefined, {
      wrapper: open === undefined ? [] : ['setsid', ...open.inClient],
      switches: [
        // All that the browser may connect to.
        `--host-resolver-rules=MAP *.${HOST} ${serverIp},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`,
        ...(tls.length > 0 ? ['--ignore-certificate-errors'] : []),
      ],
    }),
    (it) => it.close(),
  )
  const endpoint = `${tls.length > 0 ? 'https' : 'http'}://${HOST}:${service.ready.port}`
  if (open === undefined || link === undefined) return { browser, service, endpoint }
  return { browser, service, endpoint, restartLink: () => open.set(link).then(() => undefined) }
}

/**
 * A certificate for HTTP/2, which browsers speak over TLS only.
 *
 * @param {string} folder
 * @returns {Promise<readonly [string, string]>} files of key and certificate
 */
async function makeCertificate(folder) {
  const key = path.join(folder, 'key.pem')
  const cert = path.join(folder, 'cert.pem')
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const name = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:*.${HOST}`]
  await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', cert])
  return [key, cert]
}
