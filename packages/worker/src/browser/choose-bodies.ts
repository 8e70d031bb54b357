import { byteBodies, sliceBodies } from '../body/body-source.ts'
import type { Bodies } from '../body/body-source.ts'

/**
 * WebKit gets bytes, all others a slice of the file.
 *
 * Safari 26 hangs at the end of the first request whose body is a file of a disk; an `ArrayBuffer` is sent. Nothing tells
 * but the name of the engine: the request that hangs is the test. All browsers of iOS are WebKit.
 * (https://github.com/unraid/webgui/pull/2645, https://github.com/pqina/filepond/issues/1059,
 * https://github.com/rustfs/rustfs/issues/2401)
 *
 * @param userAgent `navigator.userAgent`
 */
export function chooseBodies(userAgent: string): Bodies {
  return /AppleWebKit\/(?!.*Chrom)/.test(userAgent) ? byteBodies : sliceBodies
}
