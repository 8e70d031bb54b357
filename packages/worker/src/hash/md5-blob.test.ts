import { createHash, randomFillSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createMd5Blob } from './md5-blob.ts'

const never = new AbortController().signal

describe('md5Blob()', () => {
  test.each([0, 1, 1000, 8 * 1024 ** 2, 8 * 1024 ** 2 + 1])('of %i bytes', async (sizeBytes) => {
    const bytes = randomFillSync(new Uint8Array(sizeBytes))
    expect(await createMd5Blob()(new Blob([bytes]), never)).toBe(
      createHash('md5').update(bytes).digest('hex'),
    )
  })

  test('of many blobs at once, also when one of them is given up', async () => {
    const md5Blob = createMd5Blob()
    const texts = ['a', 'b', 'c', 'd']
    const hashes = texts.map((text) => md5Blob(new Blob([text]), never))
    const givenUp = md5Blob(new Blob(['e']), AbortSignal.abort(new Error('given up')))
    const after = md5Blob(new Blob(['f']), never)
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
    expect(await Promise.all(hashes)).toEqual(texts.map(md5))
    await expect(givenUp).rejects.toThrow('given up')
    expect(await after).toBe(md5('f'))
  })
})
