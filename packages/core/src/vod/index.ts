import { Vod } from './vod.ts'

/** The global of the script that this stands in for. */
export const AliyunUpload: { readonly Vod: typeof Vod } = { Vod }
export { Vod }
export type { InstanceState } from './vod.ts'
export type { FileState, UploadInfo } from './upload-info.ts'
export type { VodCallbacks, VodOptions } from './vod-options.ts'
