import type { UploadErrorCode, UploadState, UploadStatus } from '@sluice/core'

/** A state in words. */
export function wordsOf(state: UploadState): string {
  return state.status === 'waiting' ? WAITING_WORDS[state.reason] : STATUS_WORDS[state.status]
}

const WAITING_WORDS: Readonly<Record<Extract<UploadState, { status: 'waiting' }>['reason'], string>> = {
  locked: 'Waiting for another tab',
  offline: 'Waiting for the network',
  credentials: 'Waiting for new credentials',
  backoff: 'Waiting before the next attempt',
}

const STATUS_WORDS: Readonly<Record<Exclude<UploadStatus, 'waiting'>, string>> = {
  queued: 'Queued',
  preparing: 'Preparing',
  uploading: 'Uploading',
  paused: 'Paused',
  completing: 'Finishing',
  succeeded: 'Uploaded',
  failed: 'Failed',
  canceled: 'Canceled',
}

/** What a person can do about each error; what happened is said by the error itself. */
export const ERROR_ADVICE: Readonly<Record<UploadErrorCode, string>> = {
  INVALID_OPTION: 'This is a mistake in the page. Please report it.',
  INVALID_FILE: 'Choose a file.',
  FILE_UNREADABLE: 'Check that the file is still there and may be read, then choose it again.',
  FILE_CHANGED: 'Leave the file unchanged while it is uploaded, and choose it again.',
  FILE_TOO_LARGE: 'Split the file, or upload it with larger parts.',
  CREDENTIALS_FAILED: 'Check what the authorization service says, then retry.',
  CREDENTIALS_INVALID: 'The authorization service has to be mended. Then retry.',
  DESTINATION_CHANGED: 'The authorization service has to be mended. Then retry.',
  NETWORK: 'Check your connection, then retry.',
  CORS_REFUSED: 'The storage does not accept this page. Whoever runs it has to add the rule.',
  TIMEOUT: 'Check your connection, then retry.',
  SERVICE_ERROR: 'Retry. If it fails again, give the request id to whoever runs the storage.',
  RESPONSE_INVALID: 'A proxy or a sign-in page may stand between. Check your network, then retry.',
  CHECKSUM_MISMATCH: 'The stored copy is damaged and must not be used. Retry.',
  IN_USE: 'Look for the page that uploads it.',
  CANCELED: 'Retry if you want it after all.',
  WORKER_FAILED: 'Reload the page.',
  WORKER_CRASHED: 'Retry. If it fails again, close other tabs to free memory.',
  CLOSED: 'Reload the page.',
  UNEXPECTED: 'Retry, and please report it.',
}
