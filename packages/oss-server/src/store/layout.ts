import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'

/**
 * Where things are below the data folder:
 *
 * ```
 * <bucket>/<key>                                     finished objects
 * access.jsonl                                       access log
 * .sluice/token-secret                               key of the security tokens
 * .sluice/buckets/<bucket>.json                      settings of a bucket
 * .sluice/objects/<bucket>/<sha256 of key>.json      record of an object
 * .sluice/objects/<bucket>/<sha256 of key>.data      its bytes, when the key cannot be a path
 * .sluice/uploads/<bucket>/<uploadId>/upload.json    an open multipart upload
 * .sluice/uploads/<bucket>/<uploadId>/<part name>    its parts, see part-name.ts
 * .sluice/staging/<random>                           bodies being received; swept at start
 * ```
 *
 * No bucket can be called `.sluice` or `access.jsonl`: bucket names have no dot.
 */
export interface Layout {
  readonly root: string
  readonly accessLog: string
  readonly tokenSecret: string
  readonly bucketsDir: string
  readonly stagingDir: string
  bucketDir(bucket: string): string
  bucketFile(bucket: string): string
  /** Only for keys that are file-safe. */
  plainFile(bucket: string, key: string): string
  recordsDir(bucket: string): string
  recordFile(bucket: string, key: string): string
  internalFile(bucket: string, key: string): string
  uploadsDir(bucket: string): string
  uploadDir(bucket: string, uploadId: string): string
  /** A name in the staging folder that nothing has yet. */
  freshStagingPath(): string
}

/** Paths below a data folder. */
export function createLayout(root: string): Layout {
  const internal = join(root, '.sluice')
  const stagingDir = join(internal, 'staging')
  return {
    root,
    accessLog: join(root, 'access.jsonl'),
    tokenSecret: join(internal, 'token-secret'),
    bucketsDir: join(internal, 'buckets'),
    stagingDir,
    bucketDir: (bucket) => join(root, bucket),
    bucketFile: (bucket) => join(internal, 'buckets', `${bucket}.json`),
    plainFile: (bucket, key) => join(root, bucket, ...key.split('/')),
    recordsDir: (bucket) => join(internal, 'objects', bucket),
    recordFile: (bucket, key) => join(internal, 'objects', bucket, `${hashOf(key)}.json`),
    internalFile: (bucket, key) => join(internal, 'objects', bucket, `${hashOf(key)}.data`),
    uploadsDir: (bucket) => join(internal, 'uploads', bucket),
    uploadDir: (bucket, uploadId) => join(internal, 'uploads', bucket, uploadId),
    freshStagingPath: () => join(stagingDir, randomBytes(16).toString('hex')),
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex')
}
