// What the examples of README and guides take for granted, and what browsers have that TypeScript's DOM library lacks.
import type * as Sluice from '@sluice/core'
import type { GetCredentials, Upload, Uploader } from '@sluice/core'

declare global {
  const createUploader: typeof Sluice.createUploader
  type UploadState = Sluice.UploadState
  const uploader: Uploader
  const upload: Upload
  const file: File
  const getCredentials: GetCredentials
  const userId: string
  const dataTransferItem: DataTransferItem
  function show(words: string): void
  /** Posts JSON to the application's server. */
  function post<Answer>(url: string, body: unknown, signal: AbortSignal): Promise<Answer>

  // https://wicg.github.io/file-system-access/
  function showOpenFilePicker(): Promise<[FileSystemFileHandle]>
  interface DataTransferItem {
    getAsFileSystemHandle(): Promise<FileSystemFileHandle>
  }
  interface FileSystemHandle {
    requestPermission(descriptor: { mode: 'read' | 'readwrite' }): Promise<PermissionState>
  }
}
