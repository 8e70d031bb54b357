export { PROTOCOL_VERSION } from './engine-api.ts'
export type {
  AddRequest,
  AuthorizationKind,
  ConnectMessage,
  CredentialsReason,
  CredentialsRequest,
  EngineApi,
  EngineEvent,
  EngineSettings,
  LocalId,
  PageApi,
  PartWorkerLink,
  RequestToSign,
  ResumableUpload,
  SignaturesRequest,
  WireUploadState,
} from './engine-api.ts'
export { isServiceError, isUploadError, ServiceError, UploadError } from './errors.ts'
export type { ServiceAnswer, UploadErrorCode } from './errors.ts'
export type {
  HostInspection,
  Inspection,
  PartInspection,
  PartStatus,
  UploadInspection,
} from './inspection.ts'
export { watchHeartbeat } from './heartbeat.ts'
export { MAX_PART_SIZE_BYTES, MIN_PART_SIZE_BYTES } from './part-size-limits.ts'
export { isEnded } from './upload-state.ts'
export type {
  CallbackOutcome,
  RestartReason,
  UploadPhase,
  UploadProgress,
  UploadResult,
  UploadState,
  UploadStatus,
  WaitingReason,
} from './upload-state.ts'
export { fromWireError, settle, toUploadError, toWireError, unsettle } from './wire-error.ts'
export type { Settled, WireError, WireUploadError } from './wire-error.ts'
export { fromWireState } from './from-wire-state.ts'
