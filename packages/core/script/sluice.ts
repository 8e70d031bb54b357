import * as core from '@sluice/core'
import { AliyunUpload as vod } from '@sluice/core/vod'

declare global {
  /** All that `@sluice/core` exports. */
  var Sluice: typeof core
  /** What `@sluice/core/vod` exports under this name. */
  var AliyunUpload: typeof vod
}

// As with any script, the last one loaded wins, but what else a page has put on `AliyunUpload` stays there.
globalThis.Sluice = core
globalThis.AliyunUpload = { ...globalThis.AliyunUpload, ...vod }
