import { open, rm } from 'node:fs/promises'
import { createBodyDigest, type Digests } from './body-digest.ts'

/** Bytes gathered before one write: fewer trips to the thread pool, little memory per request. */
const WRITE_BATCH_BYTES = 1024 * 1024

/** A body that was received whole and lies in the staging folder. */
export interface StagedBody extends Digests {
  readonly path: string
  readonly sizeBytes: number
}

/**
 * Writes a body to a new file while digesting it. Memory stays at two batches, whatever the size.
 *
 * @param chunks the body
 * @param path file to create
 * @throws what `chunks` or the disk throws; the file is then removed
 */
export async function stageBody(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  path: string,
): Promise<StagedBody> {
  const digest = await createBodyDigest()
  const file = await open(path, 'wx')
  let sizeBytes = 0
  let batch: Buffer[] = []
  let batchBytes = 0
  let writing: Promise<unknown> = Promise.resolve()
  const flush = async (): Promise<void> => {
    await writing
    if (batch.length > 0) writing = file.writev(batch)
    // A rejection is seen at the next flush; without this it would count as unhandled until then.
    writing.catch(() => undefined)
    batch = []
    batchBytes = 0
  }
  try {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length
      batch.push(chunk)
      batchBytes += chunk.length
      digest.update(chunk)
      if (batchBytes >= WRITE_BATCH_BYTES) await flush()
    }
    await flush()
    await writing
    await file.close()
  } catch (error) {
    await writing.catch(() => undefined)
    await file.close()
    await rm(path, { force: true })
    throw error
  }
  return { path, sizeBytes, ...digest.finish() }
}
