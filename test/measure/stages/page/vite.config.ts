import { defineConfig } from 'vite'
import type { UserConfig } from 'vite'

const config: UserConfig = defineConfig({
  // Straight from the sources of the workspace.
  resolve: { conditions: ['@sluice/source', 'module', 'browser', 'development|production'] },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  worker: { format: 'es' },
})

export default config
