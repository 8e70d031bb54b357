/**
 * The face of `AliyunUpload.Vod` with the engine of Sluice, for pages that have it: `new AliyunUpload.Vod(options)`. What
 * differs is in the guide to migrating.
 *
 * @module @sluice/core/vod
 */
import { Vod } from './vod.ts'

/** The global of the script that this stands in for. */
export const AliyunUpload: {
  /** The uploader. */
  readonly Vod: typeof Vod
} = { Vod }
export { Vod }
export type { VodCheckpoint } from './checkpoint.ts'
export type { FileState, UploadInfo } from './upload-info.ts'
export type { InstanceState } from './upload-list.ts'
export type { VodCallbacks, VodEvent, VodOptions } from './vod-options.ts'
