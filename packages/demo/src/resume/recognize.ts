import type { ResumableUpload } from '@sluice/core'

/** Whether a file is the one that an unfinished upload was begun with, as far as its name, size and time tell. */
export type Recognition = 'same' | 'other-name' | 'other-size' | 'other-time'

/** Compares them. What the file holds is compared by the uploader, when the upload goes on. */
export function recognize(
  { name, sizeBytes, lastModifiedMs }: Pick<ResumableUpload, 'name' | 'sizeBytes' | 'lastModifiedMs'>,
  file: Pick<File, 'name' | 'size' | 'lastModified'>,
): Recognition {
  if (file.name !== name) return 'other-name'
  if (file.size !== sizeBytes) return 'other-size'
  return file.lastModified === lastModifiedMs ? 'same' : 'other-time'
}
