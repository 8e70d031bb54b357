import { open, lstat, mkdir, readFile, rename, rm, rmdir, type FileHandle } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { isFileSafeKey } from './file-safe-key.ts'
import { errorCode, listFolder, replaceFile } from './files.ts'
import type { KeyedLock } from './keyed-lock.ts'
import type { Layout } from './layout.ts'
import { fromRecordJson, toRecordJson, type ObjectFacts, type ObjectRecord } from './object-record.ts'

/** An object to be stored. */
export interface ObjectCommit {
  readonly facts: ObjectFacts
  /** File that becomes the object; it stays where it is when the commit fails. */
  readonly stagedPath: string
  /** Upload that ends with this object. */
  readonly uploadId?: string
  /** Last look at what is there now, with nothing able to come between. Throws to refuse. */
  readonly check?: (existing: ObjectRecord | undefined) => void
}

/** Finished objects: records in memory and on disk, bytes in files. */
export interface ObjectStore {
  get(bucket: string, key: string): ObjectRecord | undefined
  /** Records of a bucket in no particular order. */
  list(bucket: string): ObjectRecord[]
  commit(bucket: string, commit: ObjectCommit): Promise<ObjectRecord>
  /** Opens the bytes; `undefined` when the file was taken away behind the server's back. */
  open(bucket: string, record: ObjectRecord): Promise<FileHandle | undefined>
  pathOf(bucket: string, record: ObjectRecord): string
  /** Does nothing when there is no such object. */
  remove(bucket: string, key: string): Promise<void>
  /** Loads the records of a bucket and finishes what a crash interrupted. */
  recover(bucket: string): Promise<void>
}

/** Creates the store; {@link ObjectStore.recover} fills it. */
export function createObjectStore(layout: Layout, lock: KeyedLock): ObjectStore {
  const records = new Map<string, Map<string, ObjectRecord>>()

  const recordsOf = (bucket: string): Map<string, ObjectRecord> => {
    const existing = records.get(bucket)
    if (existing !== undefined) return existing
    const created = new Map<string, ObjectRecord>()
    records.set(bucket, created)
    return created
  }

  const pathOf = (bucket: string, record: Pick<ObjectRecord, 'key' | 'location'>): string =>
    record.location === 'plain'
      ? layout.plainFile(bucket, record.key)
      : layout.internalFile(bucket, record.key)

  async function commit(
    bucket: string,
    { facts, stagedPath, uploadId, check }: ObjectCommit,
  ): Promise<ObjectRecord> {
    const { key } = facts
    const existing = recordsOf(bucket).get(key)
    check?.(existing)
    const location = await chooseLocation(layout, bucket, key, existing)
    const stagedAs = relative(layout.root, stagedPath)
    const record: ObjectRecord = { ...facts, location, stagedAs, uploadId }
    await mkdir(layout.recordsDir(bucket), { recursive: true })
    await writeRecord(bucket, record)
    try {
      await rename(stagedPath, pathOf(bucket, record))
    } catch (error) {
      // Not a crash but a disk that refuses: what was there before is there still, and its record has to be.
      if (existing === undefined) await rm(layout.recordFile(bucket, key), { force: true })
      else await writeRecord(bucket, existing)
      throw error
    }
    if (existing !== undefined && existing.location !== location) await removeBytes(bucket, existing)
    recordsOf(bucket).set(key, record)
    return record
  }

  async function writeRecord(bucket: string, record: ObjectRecord): Promise<void> {
    const path = layout.recordFile(bucket, record.key)
    await replaceFile(path, toRecordJson(record), layout.freshStagingPath())
  }

  async function removeBytes(bucket: string, record: ObjectRecord): Promise<void> {
    const path = pathOf(bucket, record)
    await rm(path, { force: true })
    if (record.location === 'plain') await removeEmptyFolders(dirname(path), layout.bucketDir(bucket))
  }

  async function recoverRecord(bucket: string, recordPath: string): Promise<void> {
    const record = fromRecordJson(await readFile(recordPath, 'utf8'), recordPath)
    const path = pathOf(bucket, record)
    const stagedPath = join(layout.root, record.stagedAs)
    if (await isFile(stagedPath)) {
      await mkdir(dirname(path), { recursive: true })
      await rename(stagedPath, path)
    }
    if (await isFile(path)) recordsOf(bucket).set(record.key, record)
    // Bytes are removed before the record, so a record without bytes is a deletion that was interrupted.
    else await rm(recordPath, { force: true })
  }

  return {
    get: (bucket, key) => recordsOf(bucket).get(key),
    list: (bucket) => [...recordsOf(bucket).values()],
    commit: (bucket, request) => lock.run(bucket, () => commit(bucket, request)),
    pathOf,

    async open(bucket, record) {
      try {
        return await open(pathOf(bucket, record), 'r')
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },

    remove: (bucket, key) =>
      lock.run(bucket, async () => {
        const existing = recordsOf(bucket).get(key)
        if (existing === undefined) return
        await removeBytes(bucket, existing)
        await rm(layout.recordFile(bucket, key), { force: true })
        recordsOf(bucket).delete(key)
      }),

    async recover(bucket) {
      const folder = layout.recordsDir(bucket)
      const names = await listFolder(folder)
      for (const name of names) {
        if (name.endsWith('.json')) await recoverRecord(bucket, join(folder, name))
      }
      const inUse = new Set(
        [...recordsOf(bucket).values()].map((record) =>
          record.location === 'internal' ? layout.internalFile(bucket, record.key) : '',
        ),
      )
      for (const name of names) {
        const path = join(folder, name)
        if (name.endsWith('.data') && !inUse.has(path)) await rm(path, { force: true })
      }
    },
  }
}

/**
 * A key lives at its own path unless the path cannot be, or something else is in the way: a folder (`a` after
 * `a/b`), a file (`a/b` after `a`), or a key that differs only in letter case on some file systems.
 */
async function chooseLocation(
  layout: Layout,
  bucket: string,
  key: string,
  existing: ObjectRecord | undefined,
): Promise<ObjectRecord['location']> {
  if (!isFileSafeKey(key)) return 'internal'
  const path = layout.plainFile(bucket, key)
  try {
    await mkdir(dirname(path), { recursive: true })
    const found = await lstat(path)
    return found.isFile() && existing?.location === 'plain' ? 'plain' : 'internal'
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return 'plain'
    if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENAMETOOLONG') return 'internal'
    throw error
  }
}

async function removeEmptyFolders(folder: string, stopAt: string): Promise<void> {
  for (let current = folder; current !== stopAt; current = dirname(current)) {
    try {
      await rmdir(current)
    } catch {
      // Not empty, or gone: either way there is nothing to remove further up.
      return
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error))
}
