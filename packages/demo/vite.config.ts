import { defineConfig } from 'vite'
import type { UserConfig } from 'vite'

const config: UserConfig = defineConfig({
  // Works under any path.
  base: './',
  // Straight from the sources of the workspace.
  resolve: { conditions: ['@sluice/source', 'module', 'browser', 'development|production'] },
  build: {
    // Beside `dist/server`, which is not Vite's to empty.
    outDir: 'dist/page',
    target: 'es2022',
    // An inlined file would need `data:` in the page's CSP.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ['index.html', 'bench.html'].map((name) => new URL(name, import.meta.url).pathname),
    },
  },
  worker: { format: 'es' },
  // `npm start` serves the API; the pages of `vite dev packages/demo` borrow it.
  server: { port: 5174, proxy: { '/api': 'http://127.0.0.1:5173' } },
  optimizeDeps: { exclude: ['@sluice/core', '@sluice/worker'] },
})

export default config
