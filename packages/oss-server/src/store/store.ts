import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { createBucketStore, type BucketStore } from './bucket-store.ts'
import { errorCode, replaceFile } from './files.ts'
import { createKeyedLock } from './keyed-lock.ts'
import { createLayout, type Layout } from './layout.ts'
import { createObjectStore, type ObjectStore } from './object-store.ts'
import { createUploadStore, type UploadStore } from './upload-store.ts'

/** All that is kept in a data folder. */
export interface Store {
  readonly layout: Layout
  readonly buckets: BucketStore
  readonly objects: ObjectStore
  readonly uploads: UploadStore
  /** Key of the security tokens; kept, so that they outlive a restart. */
  readonly tokenSecret: Buffer
}

/**
 * Opens a data folder, creating what is missing and finishing what a crash interrupted.
 * One server per folder: a second one would sweep the first one's staging folder.
 */
export async function openStore(dir: string): Promise<Store> {
  const layout = createLayout(dir)
  const lock = createKeyedLock()
  const buckets = createBucketStore(layout)
  const objects = createObjectStore(layout, lock)
  const uploads = createUploadStore(layout, lock)
  await mkdir(layout.bucketsDir, { recursive: true })
  await mkdir(layout.stagingDir, { recursive: true })

  await buckets.recover()
  for (const bucket of buckets.names()) {
    await objects.recover(bucket)
    const completed = objects.list(bucket).flatMap(({ uploadId }) => uploadId ?? [])
    await uploads.recover(bucket, new Set(completed))
  }
  // After recovery: bodies that a record waits for have been moved out by now.
  await rm(layout.stagingDir, { recursive: true, force: true })
  await mkdir(layout.stagingDir)
  return { layout, buckets, objects, uploads, tokenSecret: await loadTokenSecret(layout) }
}

async function loadTokenSecret(layout: Layout): Promise<Buffer> {
  try {
    return await readFile(layout.tokenSecret)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    const secret = randomBytes(32)
    await replaceFile(layout.tokenSecret, secret, layout.freshStagingPath(), 0o600)
    return secret
  }
}
