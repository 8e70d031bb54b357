import { Vod } from './vod.ts'

/** The global of the script that this stands in for. */
export const AliyunUpload: { readonly Vod: typeof Vod } = { Vod }
export { Vod }
export type { VodCheckpoint } from './checkpoint.ts'
export type { FileState, UploadInfo } from './upload-info.ts'
export type { InstanceState } from './upload-list.ts'
export type { VodCallbacks, VodEvent, VodOptions } from './vod-options.ts'
