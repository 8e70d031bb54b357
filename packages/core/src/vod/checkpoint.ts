import type { ResumableUpload } from '@sluice/worker/protocol'
import { isImageName } from './upload-info.ts'

/** What `getCheckpoint()` tells of a file that is not wholly uploaded. */
export interface VodCheckpoint {
  readonly fileName: string
  /** Size in bytes. */
  readonly size: number
  readonly videoId: string | undefined
  /** How much need not be sent again, 0 to 1. */
  readonly loaded: number
  readonly checkpoint: { readonly file: File; readonly name: string; readonly fileSize: number }
}

/** The resume point of a file, the latest of several; empty when there is none. */
export function toCheckpoint(file: File, resumable: readonly ResumableUpload[]): VodCheckpoint | '' {
  const found = resumable.find(({ name, sizeBytes }) => name === file.name && sizeBytes === file.size)
  if (found === undefined) return ''
  return {
    fileName: file.name,
    size: file.size,
    videoId: isImageName(file.name) ? undefined : found.mediaId,
    loaded: found.doneBytes / file.size,
    checkpoint: { file, name: file.name, fileSize: file.size },
  }
}
