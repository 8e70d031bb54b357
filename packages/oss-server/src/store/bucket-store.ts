import { mkdir, readFile, rm } from 'node:fs/promises'
import type { BucketAcl } from '../auth/authorize.ts'
import { corsRuleRule, type CorsRule } from '../http/cors.ts'
import { MAX_BUCKET_NAME_LENGTH, MIN_BUCKET_NAME_LENGTH } from '../limits.ts'
import { boolean, integer, listOf, object, oneOf, parseJson, type Rule } from '../rules/rule.ts'
import { listFolder, replaceFile } from './files.ts'
import type { Layout } from './layout.ts'

/** Settings of a bucket. */
export interface BucketSettings {
  readonly createdMs: number
  readonly acl: BucketAcl
  /** First rule that fits wins. Empty: CORS is off. */
  readonly cors: readonly CorsRule[]
  /** `Vary: Origin` on every answer. */
  readonly responseVary: boolean
}

const settingsRule: Rule<BucketSettings> = object<BucketSettings>({
  createdMs: integer(0),
  acl: oneOf(['private', 'public-read', 'public-read-write']),
  cors: listOf(corsRuleRule),
  responseVary: boolean,
})

/** Buckets and their settings, in memory and on disk. */
export interface BucketStore {
  get(bucket: string): BucketSettings | undefined
  /** Names in order. */
  names(): string[]
  put(bucket: string, settings: BucketSettings): Promise<void>
  remove(bucket: string): Promise<void>
  recover(): Promise<void>
}

/** Whether a name follows the rules of page Bucket naming. */
export function isBucketName(name: string): boolean {
  return (
    name.length >= MIN_BUCKET_NAME_LENGTH &&
    name.length <= MAX_BUCKET_NAME_LENGTH &&
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/.test(name)
  )
}

/** Creates the store; {@link BucketStore.recover} fills it. */
export function createBucketStore(layout: Layout): BucketStore {
  const buckets = new Map<string, BucketSettings>()
  return {
    get: (bucket) => buckets.get(bucket),
    names: () => [...buckets.keys()].toSorted(),

    async put(bucket, settings) {
      await mkdir(layout.bucketDir(bucket), { recursive: true })
      await replaceFile(
        layout.bucketFile(bucket),
        JSON.stringify(settings, null, 2),
        layout.freshStagingPath(),
      )
      buckets.set(bucket, settings)
    },

    async remove(bucket) {
      buckets.delete(bucket)
      await rm(layout.bucketFile(bucket), { force: true })
      for (const folder of [layout.recordsDir(bucket), layout.uploadsDir(bucket), layout.bucketDir(bucket)]) {
        await rm(folder, { recursive: true, force: true })
      }
    },

    async recover() {
      for (const file of await listFolder(layout.bucketsDir)) {
        const bucket = file.replace(/\.json$/, '')
        const text = await readFile(layout.bucketFile(bucket), 'utf8')
        buckets.set(bucket, parseJson(text, settingsRule, layout.bucketFile(bucket)))
      }
    },
  }
}
