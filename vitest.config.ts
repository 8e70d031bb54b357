import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.mjs'

// Without one the browser tests say so themselves; the others do not need it.
const chromium = findChromium()
const launchOptions = { args: CHROMIUM_ARGS, ...(chromium === undefined ? {} : { executablePath: chromium }) }

const resolve = { conditions: ['@sluice/source', 'module', 'browser', 'development|production'] }
const nodeResolve = { conditions: ['@sluice/source', 'module', 'node', 'development|production'] }

export default defineConfig({
  test: {
    projects: [
      {
        resolve: nodeResolve,
        ssr: { resolve: nodeResolve },
        test: {
          name: 'unit',
          include: ['packages/*/{src,server,bench}/**/*.test.ts', 'test/simulate/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
        },
      },
      {
        resolve,
        optimizeDeps: {
          exclude: ['@sluice/core', '@sluice/worker'],
          include: ['comlink', 'hash-wasm', 'idb-keyval'].map((name) => `@sluice/worker > ${name}`),
        },
        worker: { format: 'es' },
        test: {
          name: 'browser',
          include: ['packages/*/src/**/*.browser.test.ts'],
          globalSetup: ['./test/browser-setup.ts'],
          testTimeout: 60_000,
          // They order faults from one local OSS.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        resolve: nodeResolve,
        ssr: { resolve: nodeResolve },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
