import { rm } from 'node:fs/promises'
import { etagOfMd5 } from '../store/etag.ts'
import type { ObjectAttributes, ObjectRecord } from '../store/object-record.ts'
import type { StagedBody, StageTarget } from '../store/stage-body.ts'
import type { ObjectContext } from './context.ts'
import { refuseOverwrite } from './object-headers.ts'

/**
 * Stores an object whose bytes come in one request. Nothing is left behind when that fails.
 *
 * @param receive takes the bytes to a file
 * @throws OssError FileAlreadyExists, and what `receive` throws
 */
export async function storeObject(
  { bucket, key, headers, store, nowMs }: ObjectContext,
  attributes: ObjectAttributes,
  receive: (target: StageTarget) => Promise<StagedBody>,
): Promise<ObjectRecord> {
  const stagedPath = store.layout.freshStagingPath()
  try {
    const staged = await receive({ path: stagedPath, position: 0 })
    return await store.objects.commit(bucket, {
      facts: {
        key,
        type: 'Normal',
        sizeBytes: staged.sizeBytes,
        etag: etagOfMd5(staged.md5),
        crc64: staged.crc64,
        contentMd5: staged.md5.toString('base64'),
        lastModifiedMs: nowMs,
        ...attributes,
      },
      stagedPath,
      check: (existing) => refuseOverwrite(headers, existing),
    })
  } finally {
    await rm(stagedPath, { force: true })
  }
}

/** Headers that tell what was stored. */
export function storedHeaders({ etag, crc64, contentMd5 }: ObjectRecord): Record<string, string> {
  return {
    etag: `"${etag}"`,
    ...(crc64 !== undefined && { 'x-oss-hash-crc64ecma': String(crc64) }),
    ...(contentMd5 !== undefined && { 'content-md5': contentMd5 }),
  }
}
