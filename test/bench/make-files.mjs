import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import { BLOCK_BYTES, makeBlock } from '../../packages/demo/dist/bench/content.js'

/**
 * Makes the files of a workload, if they are not there: of noise, which stays in the page cache, or of a hole.
 *
 * @param {string} folder
 * @param {Pick<import('./workloads.mjs').Workload, 'content' | 'count' | 'sizeBytes'>} workload
 * @returns {Promise<readonly string[]>}
 */
export async function makeFiles(folder, { content, count, sizeBytes }) {
  const own = path.join(folder, `${content}-${count}-${sizeBytes}`)
  const files = Array.from({ length: count }, (_, index) => path.join(own, `${index}.bin`))
  if ((await mkdir(own, { recursive: true })) === undefined) return files
  for (const file of files) {
    if (content === 'zeros') await writeHole(file, sizeBytes)
    else await writeNoise(file, sizeBytes)
  }
  return files
}

/**
 * @param {string} file
 * @param {number} sizeBytes
 */
async function writeHole(file, sizeBytes) {
  const handle = await open(file, 'w')
  await handle.truncate(sizeBytes)
  await handle.close()
}

/** Blocks that are written at a time. */
const BLOCKS = 64

/**
 * @param {string} file
 * @param {number} sizeBytes
 */
async function writeNoise(file, sizeBytes) {
  const step = Buffer.concat(Array.from({ length: BLOCKS }, () => makeBlock('noise')))
  const handle = await open(file, 'w')
  for (let left = sizeBytes; left > 0; left -= BLOCKS * BLOCK_BYTES) {
    await handle.write(step, 0, Math.min(step.length, left))
  }
  await handle.close()
}
