import { afterEach, describe, expect, test } from 'vitest'
import {
  authorize,
  expectStored,
  MIB,
  oss,
  randomNamed,
  slowDown,
} from '../../../../test/harness/vod-bench.ts'
import { createUploader, isUploadError } from './index.ts'
import type { AuthContext, VodUploader, VodUploaderOptions } from './index.ts'

const open: VodUploader[] = []
afterEach(async () => {
  await oss.clearFaults()
  await Promise.all(open.splice(0).map((uploader) => uploader.close()))
})

/** The OpenAPI's JSON, as an application's server passes it on. Each image is a new one. */
async function answerOf({ kind, file }: AuthContext, images: number): Promise<object> {
  const key = kind === 'create-image' ? `image-${images}/${file.name}` : file.name
  const { auth, address } = await authorize(key)
  const id = kind === 'create-image' ? { ImageId: `image-${images}` } : { VideoId: `video-${file.name}` }
  return { RequestId: 'r', UploadAuth: auth, UploadAddress: address, ...id }
}

function start(options: Partial<VodUploaderOptions> = {}): {
  readonly uploader: VodUploader
  readonly asked: readonly AuthContext[]
} {
  const asked: AuthContext[] = []
  const uploader = createUploader({
    getAuth: (context) => {
      asked.push(context)
      return answerOf(context, asked.filter(({ kind }) => kind === 'create-image').length)
    },
    ...options,
  })
  open.push(uploader)
  return { uploader, asked }
}

const endCredentials = (file: File, key = file.name): Promise<void> =>
  oss.orderFault({ kind: 'expired-token', op: 'UploadPart', key, partNumber: 2 })

test('a video: getAuth gets kind, file and meta, and upload() answers the videoId', async () => {
  const file = randomNamed(3 * MIB, 'mp4')
  const told: number[] = []
  const { uploader, asked } = start()
  const result = await uploader.upload(file, {
    meta: { title: 'A title' },
    onProgress: ({ sentBytes }) => void told.push(sentBytes),
  })
  expect(result).toEqual({ videoId: `video-${file.name}` })
  expect(asked).toMatchObject([{ kind: 'create-video', meta: { title: 'A title' }, videoId: undefined }])
  expect(asked[0]?.file).toBe(file)
  expect(told.at(-1)).toBe(file.size)
  await expectStored(file)
})

test('credentials that end: getAuth is asked to refresh that video', async () => {
  const file = randomNamed(3 * MIB, 'mp4')
  await endCredentials(file)
  const { uploader, asked } = start()
  await uploader.upload(file, { partSizeBytes: MIB })
  expect(asked).toMatchObject([
    { kind: 'create-video', meta: {} },
    { kind: 'refresh-video', meta: {}, videoId: `video-${file.name}` },
  ])
  await expectStored(file)
})

test('an image: upload() answers the imageId; when its credentials end it is created again', async () => {
  const file = randomNamed(3 * MIB, 'HEIC')
  await endCredentials(file, `image-1/${file.name}`)
  const { uploader, asked } = start()
  expect(await uploader.upload(file, { partSizeBytes: MIB })).toEqual({ imageId: 'image-2' })
  expect(asked.map(({ kind }) => kind)).toEqual(['create-image', 'create-image'])
  await expectStored(file, `image-2/${file.name}`)
})

test('several files at a time keep their own meta', async () => {
  const files = [randomNamed(10, 'mp4'), randomNamed(10, 'mp4')]
  const { uploader, asked } = start()
  await Promise.all(files.map((file, index) => uploader.upload(file, { meta: { index } })))
  expect(asked.map(({ file, meta }) => meta['index'] === files.indexOf(file))).toEqual([true, true])
})

describe('upload() rejects', () => {
  test('with an UploadError that says what getAuth did wrong', async () => {
    const down = start({ getAuth: () => Promise.reject(new Error('The server is down.')) }).uploader
    const error: unknown = await down.upload(randomNamed(10, 'mp4')).catch((reason: unknown) => reason)
    expect(isUploadError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'CREDENTIALS_FAILED', message: expect.stringContaining('is down') })
    const { auth, address } = await authorize('key')
    const silent = start({ getAuth: async () => ({ UploadAuth: auth, UploadAddress: address }) }).uploader
    await expect(silent.upload(randomNamed(10, 'mp4'))).rejects.toThrow('with a VideoId or an ImageId')
  })

  test('with the reason of its signal, and takes what was sent off the server', async () => {
    const file = randomNamed(8 * MIB, 'mp4')
    await slowDown()
    const controller = new AbortController()
    const { uploader } = start()
    const upload = uploader.upload(file, {
      signal: controller.signal,
      partSizeBytes: MIB,
      onProgress: ({ sentBytes }) => sentBytes > MIB && controller.abort(new Error('No more')),
    })
    await expect(upload).rejects.toThrow('No more')
    expect(await oss.openUploads({ key: file.name })).toEqual([])
    await expect(uploader.upload(file, { signal: controller.signal })).rejects.toThrow('No more')
  })

  test('when it gets no newer credentials; the same file, picked again, goes on', async () => {
    const file = randomNamed(3 * MIB, 'mp4')
    await endCredentials(file)
    let isDown = true
    const kinds: string[] = []
    const { uploader } = start({
      getAuth: (context) => {
        kinds.push(`${context.kind} ${String(context.meta['title'])}`)
        if (context.kind === 'refresh-video' && isDown) throw new Error('The server is down.')
        return answerOf(context, 0)
      },
    })
    await expect(uploader.upload(file, { partSizeBytes: MIB, meta: { title: 'A' } })).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
    })
    isDown = false
    await endCredentials(file)
    const again = new File([file], file.name, { lastModified: file.lastModified })
    expect(await uploader.upload(again, { meta: { title: 'B' } })).toEqual({ videoId: `video-${file.name}` })
    const refused = Array.from({ length: 3 }, () => 'refresh-video A')
    expect(kinds).toEqual(['create-video A', ...refused, 'refresh-video B'])
    const opened = (await oss.log({ key: file.name })).filter(({ op }) => op === 'InitiateMultipartUpload')
    expect(opened).toHaveLength(1)
    await expectStored(file)
  })
})

test('without getAuth there is no uploader', () => {
  expect(() => createUploader({} as VodUploaderOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: 'getAuth must be a function, got undefined' }),
  )
})
