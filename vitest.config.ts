import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import type { TestProjectConfiguration } from 'vitest/config'
import type { BrowserProviderOption } from 'vitest/node'
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.mjs'
import { findEngines } from './scripts/engines.mjs'
import { FIREFOX_LAUNCH } from './test/browsers/firefox.mjs'
import { webkit } from './test/browsers/webkit-provider.ts'

// Without one the browser tests say so themselves; the others do not need it.
const chromium = findChromium()
const launchOptions = { args: CHROMIUM_ARGS, ...(chromium === undefined ? {} : { executablePath: chromium }) }

const engines = findEngines()

const resolve = { conditions: ['@sluice/source', 'module', 'browser', 'development|production'] }
const nodeResolve = { conditions: ['@sluice/source', 'module', 'node', 'development|production'] }

/** The same tests in each engine. */
function browserProject(
  name: string,
  browser: 'chromium' | 'firefox' | 'webkit',
  provider: BrowserProviderOption,
): TestProjectConfiguration {
  return {
    resolve,
    optimizeDeps: {
      exclude: ['@sluice/core', '@sluice/worker'],
      // All at once: what is found in the middle of a test reloads its page.
      include: ['comlink', 'hash-wasm', 'idb-keyval'].map((dependency) => `@sluice/worker > ${dependency}`),
    },
    worker: { format: 'es' },
    test: {
      name,
      include: ['packages/*/src/**/*.browser.test.ts'],
      globalSetup: ['./test/browser-setup.ts'],
      testTimeout: 60_000,
      // They order faults from one local OSS.
      fileParallelism: false,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider,
        instances: [{ browser }],
      },
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        resolve: nodeResolve,
        ssr: { resolve: nodeResolve },
        test: {
          name: 'unit',
          include: [
            'packages/*/{src,server,bench}/**/*.test.ts',
            'test/simulate/*.test.ts',
            'tools/docs/*.test.ts',
          ],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
        },
      },
      browserProject('browser', 'chromium', playwright({ launchOptions })),
      ...(engines.includes('firefox')
        ? [browserProject('firefox', 'firefox', playwright({ launchOptions: FIREFOX_LAUNCH }))]
        : []),
      ...(engines.includes('webkit') ? [browserProject('webkit', 'webkit', webkit())] : []),
      {
        resolve: nodeResolve,
        ssr: { resolve: nodeResolve },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          // What a page comes to in its own time.
          expect: { poll: { timeout: 30_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
})
