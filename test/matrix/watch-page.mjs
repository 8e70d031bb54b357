/**
 * Scripts that were loaded, as they are before compression.
 *
 * @typedef {object} Loaded
 * @property {readonly string[]} workers paths of the worker scripts; `blob:` for one that has none
 * @property {number} pageBytes
 * @property {number} workerBytes 0 when they came with the page
 */

/**
 * Sees what a page loads from its site, and what its browser complains of.
 *
 * @param {import('playwright').Page} page
 * @param {string} url of the site
 */
export function watchPage(page, url) {
  /** @type {string[]} */
  const complaints = []
  /** @type {Set<string>} */
  const workers = new Set()
  /** What asked for each script. @type {Map<string, string>} */
  const referrers = new Map()
  let loads = 0
  page.on('load', () => (loads += 1))
  page.on('worker', (worker) => workers.add(withoutHash(worker.url())))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} (${message.location().url})`)
  })
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`))
  page.on('response', (response) => {
    const isScript = /javascript/.test(response.headers()['content-type'] ?? '')
    if (!isScript || !response.url().startsWith(url)) return
    referrers.set(response.url(), response.request().headers()['referer'] ?? '')
  })

  /** Whether a worker asked for it, or a script that a worker asked for. @param {string} script @returns {boolean} */
  const isOfWorker = (script) => {
    const referrer = referrers.get(script)
    return workers.has(script) || (referrer !== undefined && isOfWorker(referrer))
  }
  return {
    complaints,
    loads: () => loads,
    /** @returns {Promise<Loaded>} */
    async loaded() {
      const loaded = { workers: [...workers].map(toName).sort(), pageBytes: 0, workerBytes: 0 }
      for (const script of referrers.keys()) {
        const { byteLength } = await (await fetch(script)).arrayBuffer()
        loaded[isOfWorker(script) ? 'workerBytes' : 'pageBytes'] += byteLength
      }
      return loaded
    },
  }
}

/**
 * A bundler may tell its worker script something behind `#`.
 *
 * @param {string} address
 */
function withoutHash(address) {
  return address.split('#', 1)[0] ?? ''
}

/** @param {string} address */
function toName(address) {
  return address.startsWith('blob:') ? 'blob:' : decodeURI(new URL(address).pathname)
}
