import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { Digester, Digests } from './digester.ts'

/** Slabs of one body that may be in use at a time: one being filled, the others digested and written. */
const SLABS_PER_BODY = 4

/** Where a body goes. */
export interface StageTarget {
  /** Created when missing; nothing else in it is touched. */
  readonly path: string
  /** First byte. */
  readonly position: number
}

/** A body that was received whole. */
export interface StagedBody extends Digests {
  readonly sizeBytes: number
}

/**
 * Writes a body to a file while digesting it. Memory stays at a few slabs, whatever the size. After a failure
 * something of the body may be in the file.
 *
 * @param chunks the body
 * @param expectedBytes size of the body, as far as it is known
 * @throws what `chunks` or the disk throws
 */
export async function stageBody(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  target: StageTarget,
  digester: Digester,
  expectedBytes: number,
): Promise<StagedBody> {
  const file = await open(target.path, constants.O_WRONLY | constants.O_CREAT)
  const digest = await digester.start(expectedBytes)
  /** Slabs on their way, in order; each resolves when it may be filled again. */
  const underWay: Promise<Buffer>[] = []
  let slabs = 1
  let slab = digester.slabs.take()
  let filled = 0
  let sizeBytes = 0
  let written: Promise<void> = Promise.resolve()

  const passOn = (): void => {
    const full = slab
    const bytes = full.subarray(0, filled)
    const position = target.position + sizeBytes
    const isDigested = digest.update(bytes)
    written = written.then(() => writeAll(file, bytes, position))
    const isDone = Promise.all([isDigested, written]).then(() => full)
    // A failure is seen when its turn comes; without this it would count as unhandled until then.
    isDone.catch(() => undefined)
    underWay.push(isDone)
    sizeBytes += filled
    filled = 0
  }
  const nextSlab = async (): Promise<Buffer> => {
    const oldest = slabs < SLABS_PER_BODY ? undefined : underWay.shift()
    if (oldest !== undefined) return oldest
    slabs += 1
    return digester.slabs.take()
  }
  try {
    for await (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length;) {
        const copied = chunk.copy(slab, filled, taken)
        taken += copied
        filled += copied
        if (filled < slab.length) continue
        passOn()
        slab = await nextSlab()
      }
    }
    if (filled > 0) passOn()
    else digester.slabs.giveBack(slab)
    for (const done of underWay) digester.slabs.giveBack(await done)
    return { sizeBytes, ...(await digest.finish()) }
  } catch (error) {
    await Promise.allSettled(underWay)
    digest.abandon()
    throw error
  } finally {
    await file.close()
  }
}

/** One call may write less than it was given, when the disk is full for instance. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written)
    written += bytesWritten
  }
}
