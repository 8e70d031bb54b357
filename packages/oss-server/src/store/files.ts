import { readdir, rename, rm, writeFile } from 'node:fs/promises'

/**
 * Replaces a file in one step: a reader, also after a crash, sees the old text or the new one.
 * Nothing is synced to the disk: the promise is against a killed process, not against a power cut.
 */
export async function replaceFile(
  path: string,
  text: string | Buffer,
  stagingPath: string,
  mode = 0o644,
): Promise<void> {
  try {
    await writeFile(stagingPath, text, { mode })
    await rename(stagingPath, path)
  } catch (error) {
    await rm(stagingPath, { force: true })
    throw error
  }
}

/** Names in a folder; none when there is no such folder. */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** `code` of a file system error, '' for anything else. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
