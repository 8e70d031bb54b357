/**
 * The face of VOD's Web SDK 2.0 with the engine of Sluice.
 *
 * @module @sluice/core/vod-v2
 */
export { createUploader } from './create-uploader.ts'
export type {
  AuthContext,
  UploadOptions,
  UploadResult,
  VodUploader,
  VodUploaderOptions,
} from './create-uploader.ts'
export { isUploadError, UploadError } from '@sluice/worker/protocol'
export type { UploadProgress } from '@sluice/worker/protocol'
