import { noSuchUpload, partAlreadyExist } from '../http/errors.ts'
import type { PartRecord } from '../store/part-name.ts'
import type { OpenUpload, PartTarget } from '../store/upload-store.ts'
import type { ObjectContext } from './context.ts'

/**
 * The upload that a request is about.
 *
 * @throws OssError NoSuchUpload
 */
export function requireUpload(
  { store, bucket, key }: ObjectContext,
  uploadId: string,
  operation: Parameters<typeof noSuchUpload>[0],
): OpenUpload {
  const upload = store.uploads.find(bucket, key, uploadId)
  if (upload === undefined) throw noSuchUpload(operation, uploadId)
  return upload
}

/**
 * Files a received body as a part. An earlier one of that number is replaced: the last finished write wins.
 *
 * @returns the part as filed
 * @throws OssError NoSuchUpload when the upload ended meanwhile, PartAlreadyExist in a sequential upload
 */
export function filePart(
  { store, bucket, key }: ObjectContext,
  uploadId: string,
  operation: 'UploadPart' | 'UploadPartCopy',
  target: PartTarget,
  part: PartRecord,
): Promise<PartRecord> {
  return store.uploads.exclusively(bucket, key, uploadId, async (upload) => {
    if (upload === undefined) throw noSuchUpload(operation, uploadId)
    if (upload.isSequential && part.partNumber <= Math.max(0, ...upload.parts.keys()))
      throw partAlreadyExist()
    // Later than the one it replaces, so that recovery can tell them apart.
    const replaced = upload.parts.get(part.partNumber)
    const lastModifiedMs = Math.max(part.lastModifiedMs, (replaced?.lastModifiedMs ?? 0) + 1)
    const filed = { ...part, lastModifiedMs }
    await store.uploads.putPart(upload, filed, target)
    return filed
  })
}
