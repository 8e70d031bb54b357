import { BLOCK_BYTES, makeBlock } from '../../bench/content.ts'

const FOLDER = 'sluice-benchmark'
/** Bytes that are written at a time. */
const STEP_BYTES = 64 * BLOCK_BYTES

/** Files of noise in the browser's own storage: they are on disk, as picked ones are. */
export interface MadeFiles {
  readonly files: readonly File[]
  remove(): Promise<void>
}

/**
 * @throws where the browser has no such storage, or not enough of it
 */
export async function makeFiles(count: number, sizeBytes: number): Promise<MadeFiles> {
  const root = await navigator.storage.getDirectory()
  const remove = (): Promise<void> => root.removeEntry(FOLDER, { recursive: true })
  // Of a page that was closed meanwhile.
  await remove().catch(() => undefined)
  const folder = await root.getDirectoryHandle(FOLDER, { create: true })
  const block = makeBlock('noise')
  const step = new Uint8Array(STEP_BYTES).map((_, index) => block[index % BLOCK_BYTES] ?? 0)
  const files: File[] = []
  try {
    for (let index = 0; index < count; index++) {
      const handle = await folder.getFileHandle(`${index}.bin`, { create: true })
      const writable = await handle.createWritable()
      for (let left = sizeBytes; left > 0; left -= STEP_BYTES) {
        await writable.write(step.subarray(0, Math.min(left, STEP_BYTES)))
      }
      await writable.close()
      files.push(await handle.getFile())
    }
  } catch (error) {
    await remove()
    throw error
  }
  return { files, remove }
}
