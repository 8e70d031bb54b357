import { defineConfig } from 'vite'

// A web server for `npm run dev`. Nothing is built: any server that has these files and passes /api on will do.
export default defineConfig({
  publicDir: './node_modules/@sluice/core/dist/script',
  server: { port: 5177, proxy: { '/api': 'http://localhost:5173' } },
})
