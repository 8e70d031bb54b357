import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, listFolder, replaceFile } from './files.ts'
import type { KeyedLock } from './keyed-lock.ts'
import type { Layout } from './layout.ts'
import {
  boolean,
  integer,
  nonEmptyText,
  object,
  parseJson,
  recordOf,
  text,
  type Rule,
} from '../rules/rule.ts'
import { fromPartName, toPartName, type PartRecord } from './part-name.ts'

/** A multipart upload that was begun. */
export interface UploadFacts {
  readonly uploadId: string
  readonly bucket: string
  readonly key: string
  readonly initiatedMs: number
  /** Headers that the finished object comes back with, lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Parts have to come one at a time in ascending order. */
  readonly isSequential: boolean
}

const uploadRule: Rule<UploadFacts> = object<UploadFacts>({
  uploadId: nonEmptyText,
  bucket: nonEmptyText,
  key: nonEmptyText,
  initiatedMs: integer(0),
  headers: recordOf(text),
  isSequential: boolean,
})

/** An open upload with the parts it has. */
export interface OpenUpload extends UploadFacts {
  readonly parts: ReadonlyMap<number, PartRecord>
}

/** Open multipart uploads: kept in memory and on disk. */
export interface UploadStore {
  begin(facts: Omit<UploadFacts, 'uploadId'>): Promise<OpenUpload>
  /** The upload, if it is open and belongs to that bucket and key. */
  find(bucket: string, key: string, uploadId: string): OpenUpload | undefined
  /** Open uploads of a bucket in no particular order. */
  list(bucket: string): OpenUpload[]
  partPath(upload: OpenUpload, part: PartRecord): string
  /** Files a received body as a part. To be called inside {@link exclusively}. */
  putPart(upload: OpenUpload, part: PartRecord, stagedPath: string): Promise<void>
  /** Forgets an upload and removes its parts. To be called inside {@link exclusively}. */
  end(upload: OpenUpload): Promise<void>
  /**
   * Runs a task that changes an upload, with no other one beside it.
   *
   * @param task gets the upload as it is when its turn comes, `undefined` when it is not open any more
   */
  exclusively<T>(
    bucket: string,
    key: string,
    uploadId: string,
    task: (upload: OpenUpload | undefined) => Promise<T>,
  ): Promise<T>
  /** Loads the uploads of a bucket; those in `completed` are removed, their object is there already. */
  recover(bucket: string, completed: ReadonlySet<string>): Promise<void>
}

interface MutableUpload extends UploadFacts {
  readonly parts: Map<number, PartRecord>
}

/** Creates the store; {@link UploadStore.recover} fills it. */
export function createUploadStore(layout: Layout, lock: KeyedLock): UploadStore {
  const uploads = new Map<string, MutableUpload>()

  const find = (bucket: string, key: string, uploadId: string): MutableUpload | undefined => {
    const upload = uploads.get(uploadId)
    return upload?.bucket === bucket && upload.key === key ? upload : undefined
  }

  const partPath = (upload: UploadFacts, part: PartRecord): string =>
    join(layout.uploadDir(upload.bucket, upload.uploadId), toPartName(part))

  /** Out of sight with one rename, then removed at leisure. */
  async function discard(folder: string): Promise<void> {
    const trash = layout.freshStagingPath()
    await rename(folder, trash)
    await rm(trash, { recursive: true, force: true })
  }

  async function recoverUpload(bucket: string, uploadId: string): Promise<void> {
    const folder = layout.uploadDir(bucket, uploadId)
    const facts = await readUpload(join(folder, 'upload.json'))
    if (facts === undefined) return discard(folder)
    const upload: MutableUpload = { ...facts, parts: new Map() }
    for (const name of (await listFolder(folder)).toSorted()) {
      const part = fromPartName(name)
      if (part === undefined) continue
      const other = upload.parts.get(part.partNumber)
      // A crash between filing a part again and removing the one it replaces leaves both: the later one counts.
      if (other !== undefined && other.lastModifiedMs > part.lastModifiedMs) {
        await rm(partPath(upload, part), { force: true })
        continue
      }
      if (other !== undefined) await rm(partPath(upload, other), { force: true })
      upload.parts.set(part.partNumber, part)
    }
    uploads.set(uploadId, upload)
  }

  return {
    find,
    partPath,
    list: (bucket) => [...uploads.values()].filter((upload) => upload.bucket === bucket),

    async begin(facts) {
      const uploadId = randomBytes(16).toString('hex').toUpperCase()
      const upload: MutableUpload = { ...facts, uploadId, parts: new Map() }
      const folder = layout.uploadDir(facts.bucket, uploadId)
      await mkdir(folder, { recursive: true })
      const { parts: _, ...stored } = upload
      await replaceFile(
        join(folder, 'upload.json'),
        JSON.stringify(stored, null, 2),
        layout.freshStagingPath(),
      )
      uploads.set(uploadId, upload)
      return upload
    },

    async putPart(upload, part, stagedPath) {
      const known = uploads.get(upload.uploadId)
      const replaced = known?.parts.get(part.partNumber)
      await rename(stagedPath, partPath(upload, part))
      known?.parts.set(part.partNumber, part)
      if (replaced !== undefined && toPartName(replaced) !== toPartName(part)) {
        await rm(partPath(upload, replaced), { force: true })
      }
    },

    async end(upload) {
      uploads.delete(upload.uploadId)
      await discard(layout.uploadDir(upload.bucket, upload.uploadId))
    },

    exclusively: (bucket, key, uploadId, task) => lock.run(uploadId, () => task(find(bucket, key, uploadId))),

    async recover(bucket, completed) {
      for (const uploadId of await listFolder(layout.uploadsDir(bucket))) {
        if (completed.has(uploadId)) await discard(layout.uploadDir(bucket, uploadId))
        else await recoverUpload(bucket, uploadId)
      }
    },
  }
}

async function readUpload(path: string): Promise<UploadFacts | undefined> {
  try {
    return parseJson(await readFile(path, 'utf8'), uploadRule, path)
  } catch (error) {
    // Without this file the upload was never answered for.
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
