import { UploadError } from '@sluice/worker/protocol'

/** What `upload()` takes. */
export type UploadSource = Blob | FileSystemFileHandle

/** Tells a handle from a file. */
export function isFileHandle(source: UploadSource): source is FileSystemFileHandle {
  return !(source instanceof Blob)
}

/**
 * Opens a handle.
 *
 * @throws {UploadError} `FILE_UNREADABLE`
 */
export async function openHandle(handle: FileSystemFileHandle): Promise<File> {
  try {
    return await handle.getFile()
  } catch (error) {
    throw new UploadError(
      'FILE_UNREADABLE',
      `"${handle.name}" cannot be opened: it was moved or deleted, or permission to read it has ended.`,
      { cause: error },
    )
  }
}

/**
 * The handle, where the browser lets a worker have it. WebKit does so from spring 2026; WebKitGTK 2.50 clones none. The file is
 * uploaded all the same, and has to be picked again by a later page. (https://github.com/WebKit/WebKit/pull/63863)
 */
export function toKeptHandle(source: UploadSource): FileSystemFileHandle | undefined {
  if (!isFileHandle(source)) return undefined
  try {
    structuredClone(source)
    return source
  } catch {
    return undefined
  }
}

/**
 * Sees to it that a value is a file, before anything else is done with it. A folder that a browser hands out as a
 * `File` is found out later, when it is read.
 *
 * @throws {UploadError} `INVALID_FILE`
 */
export function checkFile(value: unknown): asserts value is UploadSource {
  if (value instanceof Blob || isHandle(value)) return
  const words =
    value === undefined || value === null
      ? 'upload() needs a File, and there is none: was anything picked?'
      : isFolder(value)
        ? 'upload() takes files, and this is a folder: read its entries and upload each file.'
        : `upload() needs a File, a Blob or a FileSystemFileHandle, got ${Object.prototype.toString.call(value)}`
  throw new UploadError('INVALID_FILE', words)
}

/** The browser's own, which can be posted to the worker and kept in its database; an imitation cannot. */
function isHandle(value: unknown): boolean {
  return typeof FileSystemFileHandle === 'function' && value instanceof FileSystemFileHandle
}

/** A `FileSystemDirectoryEntry` of a drop, or a `FileSystemDirectoryHandle`. */
function isFolder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return (
    ('isDirectory' in value && value.isDirectory === true) || ('kind' in value && value.kind === 'directory')
  )
}
