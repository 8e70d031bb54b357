import { createHash, randomFillSync } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** Writes a file of random bytes, of any size. */
export async function writeRandomFile(file: string, sizeBytes: number): Promise<void> {
  const handle = await open(file, 'w')
  const block = Buffer.alloc(4 * 1024 ** 2)
  for (let written = 0; written < sizeBytes; written += block.length) {
    await handle.write(randomFillSync(block), 0, Math.min(block.length, sizeBytes - written))
  }
  await handle.close()
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
