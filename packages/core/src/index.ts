/**
 * Uploads files into OSS, and so into ApsaraVideo VOD: {@link createUploader}.
 *
 * @module @sluice/core
 */
export type { UploadSource } from './check-file.ts'
export { createUploader } from './create-uploader.ts'
export type { Uploader } from './create-uploader.ts'
export type { Listener, ListenOptions, Unsubscribe } from './emitter.ts'
export type {
  AuthorizationContext,
  AuthorizationOptions,
  CredentialsAuthorization,
  GetCredentials,
  GetCredentialsContext,
  GetDestination,
  GetDestinationContext,
  OssCredentials,
  OssForm,
  OssPlace,
  SignatureAuthorization,
  SignedRequest,
  SignRequestContext,
  SignRequestsContext,
  VodCredentials,
} from './authorization-options.ts'
export type { CallbackOptions, ObjectOptions } from './object-options.ts'
export type { UploaderOptions, UploaderSettings, UploadOptions } from './options.ts'
export type { UploaderEvents, UploaderWarning } from './uploader-events.ts'
export type { Upload, UploadEvents } from './upload.ts'
export { isServiceError, isUploadError, ServiceError, UploadError } from '@sluice/worker/protocol'
export type {
  CallbackOutcome,
  CredentialsReason,
  HostInspection,
  Inspection,
  LocalId,
  PartInspection,
  PartStatus,
  RequestToSign,
  ResumableUpload,
  RestartReason,
  ServiceAnswer,
  UploadInspection,
  UploadErrorCode,
  UploadProgress,
  UploadResult,
  UploadState,
  UploadStatus,
} from '@sluice/worker/protocol'
