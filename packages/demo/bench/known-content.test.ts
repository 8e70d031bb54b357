import { createCrc64 } from '@sluice/worker'
import { describe, expect, test } from 'vitest'
import { createContentCrc64 } from './known-content.ts'
import { BLOCK_BYTES, makeBlock } from './content.ts'
import type { ContentKind } from './content.ts'

const KINDS: readonly ContentKind[] = ['noise', 'zeros']

describe.each(KINDS)('content of %s', (kind) => {
  test.each([0, 1, 50 * 1024, BLOCK_BYTES, BLOCK_BYTES + 1, 7 * BLOCK_BYTES, 23 * BLOCK_BYTES + 4711])(
    'the CRC-64 of %i bytes is that of the bytes themselves',
    async (lengthBytes) => {
      const block = makeBlock(kind)
      const bytes = new Uint8Array(lengthBytes).map((_, index) => block[index % block.length] ?? 0)
      const [hash, known] = await Promise.all([createCrc64(), createContentCrc64(block)])
      expect(known(lengthBytes)).toBe(hash(bytes))
    },
  )
})

test('noise has no two equal halves', () => {
  const block = makeBlock('noise')
  expect(block.slice(0, BLOCK_BYTES / 2)).not.toEqual(block.slice(BLOCK_BYTES / 2))
})
