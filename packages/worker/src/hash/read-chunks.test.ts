import { randomFillSync } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { NEVER } from '../clock/wait.ts'
import { READ_TIMEOUT_MS, readChunks } from './read-chunks.ts'

const KIB = 1024

afterEach(() => vi.useRealTimers())

async function readAll(blob: Blob, signal = NEVER): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readChunks(blob, signal)) chunks.push(chunk.slice())
  return Buffer.concat(chunks)
}

/** A file that is read as the test wants. */
function fileOf(sizeBytes: number, stream: ReadableStream): Blob {
  return { size: sizeBytes, stream: () => stream } as Blob
}

describe('readChunks()', () => {
  test.each([0, 1, 256 * KIB - 1, 256 * KIB, 256 * KIB + 1, 1000 * KIB])(
    'reads %i bytes',
    async (sizeBytes) => {
      const bytes = randomFillSync(Buffer.alloc(sizeBytes))
      expect(bytes.equals(await readAll(new Blob([bytes])))).toBe(true)
    },
  )

  test('reads into one piece of memory, again and again', async () => {
    const memory = new Set<number>()
    for await (const chunk of readChunks(new Blob([new Uint8Array(2000 * KIB)]), NEVER))
      memory.add(chunk.buffer.byteLength)
    expect([...memory]).toEqual([256 * KIB])
  })

  test('reads where the browser has no byte streams of blobs', async () => {
    const pieces = [new Uint8Array([1, 2, 3]), new Uint8Array([4])]
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(pieces.shift()),
    })
    expect([...(await readAll(fileOf(4, stream)))]).toEqual([1, 2, 3, 4])
  })

  test('fails with FILE_CHANGED when the file cannot be read', async () => {
    const cause = new DOMException('It was changed', 'NotReadableError')
    const stream = new ReadableStream({ type: 'bytes', pull: (controller) => controller.error(cause) })
    await expect(readAll(fileOf(4, stream))).rejects.toMatchObject({ code: 'FILE_CHANGED', cause })
  })

  test('fails with FILE_CHANGED when the file is shorter than it was', async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(3))
        controller.close()
      },
    })
    await expect(readAll(fileOf(4, stream))).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  })

  test('fails with FILE_CHANGED when a drive does not answer', async () => {
    vi.useFakeTimers()
    const reading = readAll(fileOf(4, new ReadableStream({ type: 'bytes' })))
    const failure = reading.catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(READ_TIMEOUT_MS)
    expect(await failure).toMatchObject({ code: 'FILE_CHANGED' })
  })

  test('waits for a slow drive as long as something comes', async () => {
    vi.useFakeTimers()
    const stream = new ReadableStream({
      pull: (controller) =>
        new Promise((resolve) => {
          setTimeout(
            () => {
              controller.enqueue(new Uint8Array(1))
              resolve()
            },
            READ_TIMEOUT_MS / 2 - 1,
          )
        }),
    })
    const reading = readAll(fileOf(4, stream))
    await vi.advanceTimersByTimeAsync(2 * READ_TIMEOUT_MS)
    expect(await reading).toHaveLength(4)
  })

  test('stops at once when it is aborted, and lets go of the file', async () => {
    const onCancel = vi.fn<() => void>()
    const controller = new AbortController()
    const reading = readAll(
      fileOf(4, new ReadableStream({ type: 'bytes', cancel: onCancel })),
      controller.signal,
    )
    const reason = new Error('given up')
    controller.abort(reason)
    await expect(reading).rejects.toBe(reason)
    expect(onCancel).toHaveBeenCalledTimes(1)
  })

  test('lets go of the file when its reader stops', async () => {
    const onCancel = vi.fn<() => void>()
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: onCancel,
    })
    for await (const chunk of readChunks(fileOf(4, stream), NEVER)) if (chunk.length === 1) break
    expect(onCancel).toHaveBeenCalledTimes(1)
  })
})
