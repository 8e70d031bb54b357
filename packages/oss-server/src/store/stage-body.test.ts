import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../testing/running-server.ts'
import { createDigester, type Digester } from './digester.ts'
import { SLAB_BYTES } from './slab-pool.ts'
import { stageBody } from './stage-body.ts'

function startDigester(): Digester {
  const digester = createDigester()
  onTestFinished(() => digester.close())
  return digester
}

/** Bytes that differ from place to place. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index += 4)
    bytes.writeUInt32LE((index * 2_654_435_761) >>> 0, Math.min(index, length - 4))
  return bytes
}

function cut(bytes: Buffer, chunkBytes: number): Buffer[] {
  const chunks: Buffer[] = []
  for (let start = 0; start < bytes.length; start += chunkBytes)
    chunks.push(bytes.subarray(start, start + chunkBytes))
  return chunks
}

describe('stageBody() writes and digests a body of any size', () => {
  test.each<[reason: string, sizeBytes: number, chunkBytes: number]>([
    ['empty', 0, 1],
    ['small', 1000, 7],
    ['one slab', SLAB_BYTES, 65_536],
    ['one byte more than a slab', SLAB_BYTES + 4, 65_536],
    ['more slabs than a body may have in use', 9 * SLAB_BYTES + 100, 65_536],
    ['chunks larger than a slab', 5 * SLAB_BYTES, 3 * SLAB_BYTES],
  ])('%s', async (_, sizeBytes, chunkBytes) => {
    const path = join(await temporaryFolder(), 'body')
    const bytes = pattern(sizeBytes)
    const staged = await stageBody(cut(bytes, chunkBytes), { path, position: 0 }, startDigester(), sizeBytes)
    expect(staged.sizeBytes).toBe(sizeBytes)
    expect(staged.md5.equals(createHash('md5').update(bytes).digest())).toBe(true)
    expect((await readFile(path)).equals(bytes)).toBe(true)
  })
})

test('stageBody() holds four slabs at most, however long the body is', async () => {
  const path = join(await temporaryFolder(), 'body')
  const digester = startDigester()
  let taken = 0
  const take = (): Buffer => {
    taken += 1
    return digester.slabs.take()
  }
  const counting = { ...digester, slabs: { ...digester.slabs, take } }
  await stageBody(cut(pattern(12 * SLAB_BYTES), 65_536), { path, position: 0 }, counting, 12 * SLAB_BYTES)
  expect(taken).toBe(4)
})

test('stageBody() keeps bodies apart that come at the same time', async () => {
  const folder = await temporaryFolder()
  const digester = startDigester()
  const bodies = [3, 5, 2, 4, 1].map((megabytes) =>
    Buffer.alloc(megabytes * SLAB_BYTES + megabytes, megabytes),
  )
  const staged = await Promise.all(
    bodies.map((bytes, index) =>
      stageBody(
        cut(bytes, 50_000),
        { path: join(folder, String(index)), position: 0 },
        digester,
        bytes.length,
      ),
    ),
  )
  expect(staged.map(({ md5 }) => md5.toString('hex'))).toEqual(
    bodies.map((bytes) => createHash('md5').update(bytes).digest('hex')),
  )
})

test('stageBody() touches nothing outside its place in the file', async () => {
  const path = join(await temporaryFolder(), 'body')
  const digester = startDigester()
  await stageBody([Buffer.from('AAAAAAAAAA')], { path, position: 0 }, digester, 10)
  await stageBody([Buffer.from('bb'), Buffer.from('b')], { path, position: 4 }, digester, 3)
  expect(await readFile(path, 'utf8')).toBe('AAAAbbbAAA')
})

test('stageBody() fails as the body fails, and digests the next one rightly', async () => {
  const path = join(await temporaryFolder(), 'body')
  const digester = startDigester()
  async function* broken(): AsyncGenerator<Buffer, void> {
    for (const chunk of cut(pattern(3 * SLAB_BYTES), 65_536)) yield chunk
    throw new Error('hung up')
  }
  await expect(stageBody(broken(), { path, position: 0 }, digester, 4 * SLAB_BYTES)).rejects.toThrow(
    'hung up',
  )
  const next = await stageBody([Buffer.from('abc')], { path, position: 0 }, digester, 3)
  expect(next.md5.toString('hex')).toBe('900150983cd24fb0d6963f7d28e17f72')
})
