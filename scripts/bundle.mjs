import path from 'node:path'
import { build } from 'vite'
import { ROOT } from './run.mjs'

/**
 * Bundles all that a module exports as an application's build does.
 *
 * @param {string} specifier
 * @returns {Promise<string>} what is loaded at once: workers and what is imported later are left out
 */
export async function bundle(specifier) {
  const entry = path.join(ROOT, 'entry-of-nothing-else.js')
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        // Exported by name: a namespace object would bring the bundler's helper along that makes it.
        load: (id) => (id === entry ? `export * from '${specifier}'` : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      // As a library, so that the helper for dynamic imports that an application has anyway is not counted.
      lib: { entry, formats: ['es'] },
      rolldownOptions: { output: { minify: true } },
    },
    worker: { format: 'es' },
  })
  const output = [built].flat().flatMap((result) => ('output' in result ? result.output : []))
  const chunks = output.filter((file) => file.type === 'chunk')
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  for (const fileName of loaded) {
    for (const imported of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? [])
      loaded.add(imported)
  }
  return chunks
    .filter(({ fileName }) => loaded.has(fileName))
    .map(({ code }) => code)
    .join('')
}
