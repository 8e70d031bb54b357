import { UploadError } from '@sluice/worker/protocol'

/**
 * Sees to it that a value is a file, before anything else is done with it. A folder that a browser hands out as a
 * `File` is found out later, when it is read.
 *
 * @throws {UploadError} `INVALID_FILE`
 */
export function checkFile(value: unknown): asserts value is Blob {
  if (value instanceof Blob) return
  const words =
    value === undefined || value === null
      ? 'upload() needs a File, and there is none: was anything picked?'
      : isFolder(value)
        ? 'upload() takes files, and this is a folder: read its entries and upload each file.'
        : `upload() needs a File or a Blob, got ${Object.prototype.toString.call(value)}`
  throw new UploadError('INVALID_FILE', words)
}

/** A `FileSystemDirectoryEntry` of a drop, or a `FileSystemDirectoryHandle`. */
function isFolder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return (
    ('isDirectory' in value && value.isDirectory === true) || ('kind' in value && value.kind === 'directory')
  )
}
