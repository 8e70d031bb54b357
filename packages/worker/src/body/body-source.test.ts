import { describe, expect, test } from 'vitest'
import { NEVER } from '../clock/wait.ts'
import { byteBodies, keepBytes, sliceBodies } from './body-source.ts'

const MIB = 1024 ** 2

/** A range that tells how often it is read. */
function rangeOf(bytes: Uint8Array<ArrayBuffer>): { readonly range: Blob; readonly reads: () => number } {
  const range = new Blob([bytes])
  const read = range.arrayBuffer.bind(range)
  let reads = 0
  range.arrayBuffer = () => {
    reads += 1
    return read()
  }
  return { range, reads: () => reads }
}

test('keepBytes() gives the same bytes to each attempt', async () => {
  const bytes = new Uint8Array([1, 2, 3])
  const body = keepBytes(bytes)
  expect(body.sizeBytes).toBe(3)
  expect([await body.open(NEVER), await body.open(NEVER)]).toEqual([bytes, bytes])
})

test('a slice is not read', async () => {
  const { range, reads } = rangeOf(new Uint8Array(3))
  const body = sliceBodies.make(range, NEVER)
  expect(await body.open(NEVER)).toBe(range)
  expect(reads()).toBe(0)
})

describe('bytes', () => {
  test('are read as soon as the body is made, and given to the first attempt', async () => {
    const { range, reads } = rangeOf(new Uint8Array([1, 2, 3]))
    const body = byteBodies.make(range, NEVER)
    expect(reads()).toBe(1)
    expect(new Uint8Array((await body.open(NEVER)) as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]))
    expect(reads()).toBe(1)
  })

  test('are read again for each further attempt, since the first has given them away', async () => {
    const { range, reads } = rangeOf(new Uint8Array([1, 2, 3]))
    const body = byteBodies.make(range, NEVER)
    const first = await body.open(NEVER)
    const second = await body.open(NEVER)
    expect(second).not.toBe(first)
    expect(second).toEqual(first)
    expect(reads()).toBe(2)
  })

  test('that cannot be read fail who opens the body, not who makes it', async () => {
    const range = new Blob(['x'])
    range.arrayBuffer = () => Promise.reject(new Error('gone'))
    const body = byteBodies.make(range, NEVER)
    await new Promise((resolve) => setTimeout(resolve))
    await expect(body.open(NEVER)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  })

  test('of more than 64 MiB are not held in memory', async () => {
    const range = new Blob(Array.from({ length: 65 }, () => new Uint8Array(MIB)))
    expect(await byteBodies.make(range, NEVER).open(NEVER)).toBe(range)
    const most = range.slice(0, 64 * MIB)
    expect(await byteBodies.make(most, NEVER).open(NEVER)).toBeInstanceOf(ArrayBuffer)
  })
})
