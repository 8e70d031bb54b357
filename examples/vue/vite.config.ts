import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [vue()],
  // What hardly any page needs stays out of the worker script: 78 kB instead of 115.
  worker: { format: 'es' },
  // Before Vite 8 the dev server loses the worker script of a dependency that it bundles ahead.
  optimizeDeps: { exclude: ['@sluice/core', '@sluice/worker'] },
  // The authorization service: here the demo's, of `npm start`.
  server: { port: 5176, proxy: { '/api': 'http://localhost:5173' } },
})
