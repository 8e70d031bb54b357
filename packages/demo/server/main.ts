import { fileURLToPath } from 'node:url'
import { readSettings } from './settings.ts'
import { startDemo } from './start-demo.ts'
import { StartError } from './start-error.ts'

// Beside `dist/server/main.js`, where `vite build` puts it.
const PAGE_DIR = fileURLToPath(new URL('../page/', import.meta.url))

try {
  const demo = await startDemo(readSettings(process.env, process.cwd()), PAGE_DIR)
  // Once: who asks a second time does not want to wait for a clean end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void demo.close())
  console.log(`Sluice demo ready: ${demo.url}`)
} catch (error) {
  console.error(error instanceof StartError ? error.message : error)
  process.exitCode = 1
}
