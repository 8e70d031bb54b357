import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { createBucketStore, type BucketStore } from './bucket-store.ts'
import { createDigester, type Digester } from './digester.ts'
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
  readonly digester: Digester
  /** Key of the security tokens; kept, so that they outlive a restart. */
  readonly tokenSecret: Buffer
  /** Ends the threads; to be called when no request is running. */
  close(): Promise<void>
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
  const tokenSecret = await loadTokenSecret(layout)
  const digester = createDigester()
  return { layout, buckets, objects, uploads, digester, tokenSecret, close: () => digester.close() }
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
