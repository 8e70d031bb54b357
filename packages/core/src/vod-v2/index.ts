export { createUploader } from './create-uploader.ts'
export type {
  AuthContext,
  UploadOptions,
  UploadResult,
  VodUploader,
  VodUploaderOptions,
} from './create-uploader.ts'
export { isUploadError, UploadError } from '@sluice/worker/protocol'
