import type { ResumableUpload } from '@sluice/worker/protocol'
import { isImageName } from './upload-info.ts'
import type { UploadInfo } from './upload-info.ts'

/** What `getCheckpoint()` tells of a file that is not wholly uploaded. */
export interface VodCheckpoint {
  /** Name of the file. */
  readonly fileName: string
  /** Size in bytes. */
  readonly size: number
  /** Its `VideoId`; undefined where it has none. */
  readonly videoId: string | undefined
  /** How much need not be sent again, 0 to 1. */
  readonly loaded: number
  /** What the incumbent's holds of the file, and applications read. */
  readonly checkpoint: {
    /** The file. */
    readonly file: File
    /** Its name. */
    readonly name: string
    /** Its size in bytes. */
    readonly fileSize: number
  }
}

/** The resume point of a file: of the upload that this page has of it, or the latest that is stored; empty when none is. */
export function toCheckpoint(
  file: File,
  own: readonly UploadInfo[],
  stored: readonly ResumableUpload[],
): VodCheckpoint | '' {
  const isSame = (name: string, size: number): boolean => name === file.name && size === file.size
  const begun = own.find((info) => isSame(info.file.name, info.file.size) && info.loaded > 0)
  const found = stored.find(({ name, sizeBytes }) => isSame(name, sizeBytes))
  const known = begun ?? (found && { videoId: found.mediaId, loaded: found.doneBytes / file.size })
  if (known === undefined) return ''
  return {
    fileName: file.name,
    size: file.size,
    videoId: isImageName(file.name) ? undefined : known.videoId,
    loaded: known.loaded,
    checkpoint: { file, name: file.name, fileSize: file.size },
  }
}
