export type { UploadSource } from './check-file.ts'
export { createUploader } from './create-uploader.ts'
export type { Uploader } from './create-uploader.ts'
export type { Listener, ListenOptions, Unsubscribe } from './emitter.ts'
export type {
  GetCredentials,
  GetCredentialsContext,
  OssCredentials,
  UploaderOptions,
  UploadOptions,
  VodCredentials,
} from './options.ts'
export type { UploaderEvents, UploaderWarning } from './uploader-events.ts'
export type { Upload, UploadEvents } from './upload.ts'
export { isServiceError, isUploadError, ServiceError, UploadError } from '@sluice/worker/protocol'
export type {
  CredentialsReason,
  LocalId,
  ResumableUpload,
  RestartReason,
  ServiceAnswer,
  UploadErrorCode,
  UploadProgress,
  UploadResult,
  UploadState,
  UploadStatus,
} from '@sluice/worker/protocol'
