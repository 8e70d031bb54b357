import { expect, test } from 'vitest'
import { readBlob } from './hash-blob.ts'

const never = new AbortController().signal

/** A blob of which the first so many questions are never answered. */
function deafBlob(bytes: string, deafFor: number): Blob {
  let asked = 0
  const blob = new Blob([bytes])
  const read = blob.arrayBuffer.bind(blob)
  return Object.assign(blob, {
    arrayBuffer: () => {
      asked += 1
      return asked > deafFor ? read() : new Promise<never>(() => undefined)
    },
  })
}

test.each([0, 1, 3])('readBlob() reads a blob that does not answer %i times', async (times) => {
  const bytes = await readBlob(deafBlob('all of it', times), never)
  expect(new TextDecoder().decode(bytes)).toBe('all of it')
})

test('readBlob() asks no more when it is aborted', async () => {
  const abort = new AbortController()
  const reading = readBlob(deafBlob('x', Infinity), abort.signal)
  abort.abort(new Error('paused'))
  await expect(reading).rejects.toThrow('paused')
})
