// The build for a script tag: one file with the worker script in it, and the worker script beside it, for pages whose CSP
// wants it served.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vite'
import { ROOT, runMain } from './run.mjs'

const CORE = path.join(ROOT, 'packages', 'core')
const SCRIPT = path.join(CORE, 'script')
const OUT_DIR = path.join(CORE, 'dist', 'script')

runMain(async () => {
  await buildClassicScript('sluice.worker.js', path.join(ROOT, 'packages', 'worker', 'src', 'entry.ts'))
  const worker = await readFile(path.join(OUT_DIR, 'sluice.worker.js'), 'utf8')
  await buildClassicScript('sluice.js', path.join(SCRIPT, 'sluice.ts'), {
    // Without the name of its source map, which nothing serves beside a Blob.
    define: { WORKER_SCRIPT: JSON.stringify(worker.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '')) },
    alias: {
      '@sluice/worker/spawn': path.join(SCRIPT, 'spawn-worker.ts'),
      '@sluice/worker/engine': path.join(SCRIPT, 'no-engine.ts'),
    },
  })
})

/**
 * Builds one classic script without imports, with a source map.
 *
 * @param {string} fileName
 * @param {string} entry
 * @param {object} [replaced]
 * @param {Record<string, string>} [replaced.define] expressions for names
 * @param {Record<string, string>} [replaced.alias] files for modules
 */
async function buildClassicScript(fileName, entry, { define = {}, alias = {} } = {}) {
  await build({
    root: CORE,
    configFile: false,
    logLevel: 'warn',
    define,
    resolve: { alias, conditions: ['@sluice/source', 'module', 'browser', 'production'] },
    build: {
      outDir: OUT_DIR,
      emptyOutDir: false,
      target: 'es2022',
      sourcemap: true,
      // The worker script, which is built first, holds more libraries than the other.
      license: fileName === 'sluice.worker.js' && { fileName: 'licenses.md' },
      // The name is for what an entry exports, and these export nothing.
      lib: { entry, formats: ['iife'], name: 'unused', fileName: () => fileName },
      // Pages in another encoding than UTF-8 read it as well.
      rolldownOptions: { output: { charset: 'ascii', strict: true, codeSplitting: false } },
    },
  })
}
