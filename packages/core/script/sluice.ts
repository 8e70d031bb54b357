import * as Sluice from '@sluice/core'
import { AliyunUpload } from '@sluice/core/vod'

declare global {
  /** All that `@sluice/core` exports. */
  var Sluice: typeof import('@sluice/core')
  /** What `@sluice/core/vod` exports under this name. */
  var AliyunUpload: typeof import('@sluice/core/vod').AliyunUpload
}

// As with any script, the last one loaded wins, but what else a page has put on `AliyunUpload` stays there.
globalThis.Sluice = Sluice
globalThis.AliyunUpload = { ...globalThis.AliyunUpload, ...AliyunUpload }
