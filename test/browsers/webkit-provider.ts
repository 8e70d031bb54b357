import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node'
import { startWebKit } from './webkit-driver.ts'
import type { WebKitDriver } from './webkit-driver.ts'

declare module 'vitest/browser' {
  interface BrowserCommands {
    __vitest_viewport: () => void
  }
}

/** Runs browser tests in WebKitGTK. */
export function webkit(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webkit',
    supportedBrowser: ['webkit'],
    options: {},
    providerFactory(project): BrowserProvider {
      // The window has the size that it has.
      project.browser?.registerCommand('__vitest_viewport', () => undefined)
      let driver: Promise<WebKitDriver> | undefined
      return {
        name: 'webkit',
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        async openPage(_sessionId, url) {
          driver ??= startWebKit()
          await (await driver).command('POST', '/url', { url })
        },
        async close() {
          await (await driver)?.close()
        },
      }
    },
  })
}
