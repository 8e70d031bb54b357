import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

/**
 * Builds a page that does nothing but make an uploader, and weighs what it loads: the page's script and the worker's, each
 * with what it imports at once. What is imported later, if at all, does not count.
 *
 * @returns {Promise<import('../../packages/demo/dist/bench/targets.js').BundleSizes>}
 */
export async function measureSizes() {
  const outDir = await mkdtemp(path.join(tmpdir(), 'sluice-size-'))
  try {
    await build({
      root: fileURLToPath(new URL('size/', import.meta.url)),
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['@sluice/source', 'module', 'browser', 'development|production'] },
      build: { outDir, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
      worker: { format: 'es' },
    })
    const folder = path.join(outDir, 'assets')
    const names = await readdir(folder)
    return {
      pageBytes: await weigh(folder, find(names, /^index-.*\.js$/)),
      workerBytes: await weigh(folder, find(names, /^entry-.*\.js$/)),
    }
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
}

/**
 * @param {readonly string[]} names
 * @param {RegExp} pattern
 */
function find(names, pattern) {
  const found = names.filter((name) => pattern.test(name))
  if (found.length === 1 && found[0] !== undefined) return found[0]
  throw new Error(`Expected one script like ${pattern}, got ${names.join(', ')}`)
}

/**
 * @param {string} folder
 * @param {string} entry
 * @returns {Promise<number>} bytes after gzip
 */
async function weigh(folder, entry) {
  const names = new Set([entry])
  let bytes = 0
  for (const name of names) {
    const text = await readFile(path.join(folder, name), 'utf8')
    bytes += gzipSync(text, { level: 9 }).length
    for (const [, other] of text.matchAll(/\bimport(?:[\w$\s{},*]*from)?\s*["']\.\/([^"']+)["']/g)) {
      if (other !== undefined) names.add(other)
    }
  }
  return bytes
}
