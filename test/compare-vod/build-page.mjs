import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/**
 * Builds the page from the sources of the workspace.
 *
 * @param {string} outDir
 */
export async function buildPage(outDir) {
  await build({
    root: fileURLToPath(new URL('page/', import.meta.url)),
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['@sluice/source', 'module', 'browser', 'development|production'] },
    build: { outDir, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
    worker: { format: 'es' },
  })
}
