import { gzipSync } from 'node:zlib'
import { bundle } from '../../scripts/bundle.mjs'

/**
 * Weighs what a page and a worker load at once, as `npm run sizes` does.
 *
 * @returns {Promise<import('../../packages/demo/dist/bench/targets.js').BundleSizes>}
 */
export async function measureSizes() {
  return {
    pageBytes: weigh(await bundle('@sluice/core')),
    workerBytes: weigh(await bundle('@sluice/worker/entry')),
  }
}

/**
 * @param {string} script
 * @returns {number} bytes after gzip
 */
function weigh(script) {
  return gzipSync(script, { level: 9 }).length
}
