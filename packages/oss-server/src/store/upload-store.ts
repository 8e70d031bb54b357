import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { boolean, integer, nonEmptyText, object, parseJson, type Rule } from '../rules/rule.ts'
import { errorCode, listFolder, replaceFile } from './files.ts'
import type { Piece } from './join-parts.ts'
import type { KeyedLock } from './keyed-lock.ts'
import type { Layout } from './layout.ts'
import { fromPartName, toPartName, type PartRecord } from './part-name.ts'
import { attributesRules, type ObjectAttributes } from './object-record.ts'
import { createSlotBook, type SlotBook } from './slot-book.ts'
import type { StageTarget } from './stage-body.ts'

/** A multipart upload that was begun. */
export interface UploadFacts extends ObjectAttributes {
  readonly uploadId: string
  readonly bucket: string
  readonly key: string
  readonly initiatedMs: number
  /** Parts have to come one at a time in ascending order. */
  readonly isSequential: boolean
}

const uploadRule: Rule<UploadFacts> = object<UploadFacts>({
  uploadId: nonEmptyText,
  bucket: nonEmptyText,
  key: nonEmptyText,
  initiatedMs: integer(0),
  ...attributesRules,
  isSequential: boolean,
})

/** An open upload with the parts it has. */
export interface OpenUpload extends UploadFacts {
  readonly parts: ReadonlyMap<number, PartRecord>
}

/** Place for a part that is coming in. */
export interface PartTarget extends StageTarget {
  readonly home: PartRecord['home']
  /** To be called when the part is filed or has failed; a file of its own that was not filed is removed. */
  release(): Promise<void>
}

/** Open multipart uploads: kept in memory and on disk. */
export interface UploadStore {
  begin(facts: Omit<UploadFacts, 'uploadId'>): Promise<OpenUpload>
  /** The upload, if it is open and belongs to that bucket and key. */
  find(bucket: string, key: string, uploadId: string): OpenUpload | undefined
  /** Open uploads of a bucket in no particular order. */
  list(bucket: string): OpenUpload[]
  /** Finds a place for a part. */
  reserve(upload: OpenUpload, partNumber: number, sizeBytes: number): PartTarget
  /** Files a received part. To be called inside {@link exclusively}. */
  putPart(upload: OpenUpload, part: PartRecord, target: PartTarget): Promise<void>
  /** Where the bytes of a stored part are. */
  pieceOf(upload: OpenUpload, part: PartRecord): Piece
  /**
   * The shared file, if it is what the parts make, byte for byte. From then on nobody writes into it.
   * To be called inside {@link exclusively}; {@link reopen} undoes it.
   */
  takeShared(upload: OpenUpload, parts: readonly PartRecord[]): Promise<string | undefined>
  /** Lets parts into the shared file again after a Complete that failed. */
  reopen(upload: OpenUpload): void
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

interface MutableUpload extends OpenUpload {
  readonly parts: Map<number, PartRecord>
  readonly slots: SlotBook
}

/** Creates the store; {@link UploadStore.recover} fills it. */
export function createUploadStore(layout: Layout, lock: KeyedLock): UploadStore {
  const uploads = new Map<string, MutableUpload>()

  const find = (bucket: string, key: string, uploadId: string): MutableUpload | undefined => {
    const upload = uploads.get(uploadId)
    return upload?.bucket === bucket && upload.key === key ? upload : undefined
  }
  const pathIn = ({ bucket, uploadId }: UploadFacts, name: string): string =>
    join(layout.uploadDir(bucket, uploadId), name)
  const sharedPath = (upload: UploadFacts, slotBytes: number): string => pathIn(upload, `shared.${slotBytes}`)

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
    const names = await listFolder(folder)
    const parts = new Map<number, PartRecord>()
    for (const part of names.flatMap((name) => fromPartName(name) ?? [])) {
      const other = parts.get(part.partNumber)
      // A crash between filing a part again and removing the one it replaces leaves both: the later one counts.
      const isLater = other === undefined || part.lastModifiedMs > other.lastModifiedMs
      const stale = isLater ? other : part
      if (stale !== undefined) await rm(pathIn(facts, toPartName(stale)), { force: true })
      if (isLater) parts.set(part.partNumber, part)
    }
    const slotBytes = names.flatMap((name) => /^shared\.(\d+)$/.exec(name)?.[1] ?? []).map(Number)
    uploads.set(uploadId, { ...facts, parts, slots: createSlotBook(slotBytes[0]) })
  }

  return {
    find,
    list: (bucket) => [...uploads.values()].filter((upload) => upload.bucket === bucket),

    async begin(request) {
      const facts: UploadFacts = { ...request, uploadId: randomBytes(16).toString('hex').toUpperCase() }
      await mkdir(layout.uploadDir(facts.bucket, facts.uploadId), { recursive: true })
      const json = JSON.stringify(facts, null, 2)
      await replaceFile(pathIn(facts, 'upload.json'), json, layout.freshStagingPath())
      const upload: MutableUpload = { ...facts, parts: new Map(), slots: createSlotBook() }
      uploads.set(facts.uploadId, upload)
      return upload
    },

    reserve({ uploadId }, partNumber, sizeBytes) {
      const upload = uploads.get(uploadId)
      const isTaken = upload?.parts.get(partNumber)?.home === 'shared'
      const position = upload?.slots.reserve(partNumber, sizeBytes, isTaken)
      const slotBytes = upload?.slots.slotBytes
      if (upload === undefined || position === undefined || slotBytes === undefined) {
        const path = layout.freshStagingPath()
        return { home: 'own', path, position: 0, release: () => rm(path, { force: true }) }
      }
      return {
        home: 'shared',
        path: sharedPath(upload, slotBytes),
        position,
        release: async () => upload.slots.release(partNumber),
      }
    },

    async putPart(upload, part, target) {
      const parts = uploads.get(upload.uploadId)?.parts
      const replaced = parts?.get(part.partNumber)
      const path = pathIn(upload, toPartName(part))
      if (target.home === 'own') await rename(target.path, path)
      else await writeFile(path, '')
      parts?.set(part.partNumber, part)
      if (replaced !== undefined) await rm(pathIn(upload, toPartName(replaced)), { force: true })
    },

    pieceOf(upload, part) {
      const slotBytes = uploads.get(upload.uploadId)?.slots.slotBytes ?? 0
      return part.home === 'own'
        ? { path: pathIn(upload, toPartName(part)), start: 0, sizeBytes: part.sizeBytes }
        : {
            path: sharedPath(upload, slotBytes),
            start: (part.partNumber - 1) * slotBytes,
            sizeBytes: part.sizeBytes,
          }
    },

    async takeShared({ uploadId }, parts) {
      const upload = uploads.get(uploadId)
      const slotBytes = upload?.slots.slotBytes
      if (upload === undefined || slotBytes === undefined || !upload.slots.seal()) return undefined
      if (parts.some(({ home }) => home !== 'shared')) return undefined
      const path = sharedPath(upload, slotBytes)
      const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0)
      // The file reaches to the end of the last part at least. It is longer than all parts together when one of
      // them does not fill its place, a place is skipped, or something is behind the last one.
      return (await stat(path)).size === sizeBytes ? path : undefined
    },

    reopen({ uploadId }) {
      uploads.get(uploadId)?.slots.unseal()
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
