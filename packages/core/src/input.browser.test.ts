import { describe, expect, test } from 'vitest'
import { randomFile } from '../../../test/harness/browser-files.ts'
import { createUploadBench } from '../../../test/harness/upload-bench.ts'

const bench = createUploadBench()

describe('getCredentials', () => {
  test('that throws fails the upload with its error as the cause', async () => {
    const getCredentials = (): Promise<never> => Promise.reject(new Error('401 from /api'))
    const { result } = bench.open({ getCredentials }).upload(randomFile(10, 'a.mp4'))
    await expect(result).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: 'getCredentials failed for "a.mp4": 401 from /api',
      cause: { message: '401 from /api' },
    })
  })

  test('that throws before it makes a promise does the same', async () => {
    const getCredentials = (): never => {
      throw new Error('no session')
    }
    const { result } = bench.open({ getCredentials }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({ code: 'CREDENTIALS_FAILED' })
  })

  test('that hangs fails the upload after its time limit', async () => {
    const getCredentials = (): Promise<never> => new Promise(() => undefined)
    const { result } = bench.open({ getCredentials, credentialsTimeoutMs: 50 }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: expect.stringContaining('within 50 ms'),
    })
  })

  test('that answers what cannot be posted is told so', async () => {
    const { result } = bench.open({ getCredentials: async () => new Response('{}') }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: expect.stringContaining('plain JSON'),
    })
  })

  test.each([
    ['nothing', undefined, 'got undefined'],
    ['no secret', { bucket: 'abc', key: 'k', region: 'r', accessKeyId: 'a' }, 'accessKeySecret is missing'],
    ['no Base64', { UploadAuth: '*', UploadAddress: '*' }, 'uploadAddress is not Base64'],
  ])('that answers %s is told which field, before any request', async (_, answer, words) => {
    const { result } = bench.open({ getCredentials: async () => answer }).upload(randomFile(10))
    await expect(result).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
      message: expect.stringContaining(words),
    })
    expect(await bench.operations()).toEqual([])
  })
})

describe('upload() refuses', () => {
  test.each([
    ['nothing', undefined, 'was anything picked'],
    ['a text', 'file.mp4', 'got [object String]'],
    ['a folder of a drop', { isDirectory: true, name: 'folder' }, 'this is a folder'],
    ['a handle of a folder', { kind: 'directory', name: 'folder' }, 'this is a folder'],
  ])('%s', (_, value, words) => {
    const { upload } = bench.open()
    expect(() => upload(value as unknown as File)).toThrow(
      expect.objectContaining({ code: 'INVALID_FILE', message: expect.stringContaining(words) }),
    )
  })

  test('a part size out of range', () => {
    const { upload } = bench.open()
    expect(() => upload(new File([], 'a'), { partSizeBytes: 1 })).toThrow(
      'partSizeBytes must be an integer from 102400',
    )
  })

  test('anything after close()', async () => {
    const { upload, close } = bench.open()
    await close()
    expect(() => upload(new File([], 'a'))).toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })
})

test('upload() refuses an imitation of a handle, which cannot be handed to the worker', () => {
  const imitation = { kind: 'file', name: 'x', getFile: async () => new File([], 'x') }
  const { upload } = bench.open()
  expect(() => upload(imitation as unknown as FileSystemFileHandle)).toThrow(
    expect.objectContaining({ code: 'INVALID_FILE' }),
  )
})
