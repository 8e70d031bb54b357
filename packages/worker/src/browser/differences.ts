import { byteBodies, sliceBodies } from '../body/body-source.ts'
import type { Bodies } from '../body/body-source.ts'

/** What the engine does differently in one browser and another. `docs/browsers.md` tells of all differences. */
export interface BrowserDifferences {
  /**
   * WebKit gets bytes, all others a slice of the file: Safari 26 hangs at the end of the first request whose body is a file of
   * a disk.
   * (https://github.com/unraid/webgui/pull/2645, https://github.com/pqina/filepond/issues/1059,
   * https://github.com/rustfs/rustfs/issues/2401)
   */
  readonly bodies: Bodies
  /**
   * Connections to a host that bodies leave free. Chromium and Firefox have connections of their own for requests with
   * credentials, which is how a probe goes; in WebKit it would queue behind six bodies that are stuck, and an outage would be
   * noticed when these have given up, after a minute. (our measurement: WebKitGTK 2.50, `network.browser.test.ts`)
   */
  readonly spareConnections: number
}

/**
 * Nothing tells but the name of the engine: the request that hangs is the test. All browsers of iOS are WebKit.
 *
 * @param userAgent `navigator.userAgent`
 */
export function differencesOf(userAgent: string): BrowserDifferences {
  return /AppleWebKit\/(?!.*Chrom)/.test(userAgent)
    ? { bodies: byteBodies, spareConnections: 1 }
    : { bodies: sliceBodies, spareConnections: 0 }
}
