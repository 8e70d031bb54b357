import { afterEach, describe, expect, inject, test } from 'vitest'
import { randomFile, sha256 } from '../../../../test/harness/browser-files.ts'
import { connectOssFixture } from '../../../../test/harness/oss-fixture-client.ts'
import { AliyunUpload } from './index.ts'
import type { UploadInfo, Vod, VodOptions } from './index.ts'

const MIB = 1024 ** 2
const oss = connectOssFixture(inject('ossFixtureUrl'))
afterEach(() => oss.clearFaults())

/** What CreateUploadVideo and RefreshUploadVideo of an application's server answer. */
async function authorize(key: string): Promise<{ readonly auth: string; readonly address: string }> {
  const { accessKeyId, accessKeySecret, securityToken, endpoint, bucket, region } = await oss.credentials({
    key,
  })
  return {
    auth: btoa(
      JSON.stringify({
        AccessKeyId: accessKeyId,
        AccessKeySecret: accessKeySecret,
        SecurityToken: securityToken,
        Expiration: '3600',
        Region: region,
      }),
    ),
    address: btoa(JSON.stringify({ Endpoint: endpoint, Bucket: bucket, FileName: key })),
  }
}

let lastId = 0
const files = (...sizes: readonly number[]): readonly File[] =>
  sizes.map((size) => {
    lastId += 1
    return new File([randomFile(size)], `vod-${performance.now()}-${lastId}.mp4`)
  })

interface Trace {
  readonly uploader: Vod
  /** Callbacks with the name of the file's place in the list, in order; progress is left out. */
  readonly calls: readonly string[]
  readonly progress: readonly (readonly [total: number, ratio: number])[]
  /** Resolves when the list has come to its end. */
  readonly end: Promise<void>
}

/** The documentation's own code, with a trace of its callbacks. */
function start(list: readonly File[], options: VodOptions = {}): Trace {
  const calls: string[] = []
  const progress: (readonly [number, number])[] = []
  let onEnd: () => void
  const end = new Promise<void>((resolve) => {
    onEnd = resolve
  })
  const note = (name: string, info: UploadInfo, ...more: readonly string[]): void =>
    void calls.push([name, list.indexOf(info.file), info.state, ...more].join(' '))
  const uploader: Vod = new AliyunUpload.Vod({
    userId: '122',
    partSize: MIB,
    parallel: 5,
    retryCount: 3,
    retryDuration: 2,
    addFileSuccess: (info) => note('addFileSuccess', info),
    async onUploadstarted(info) {
      note('onUploadstarted', info, info.videoId ?? 'new')
      const { auth, address } = await authorize(info.file.name)
      uploader.setUploadAuthAndAddress(info, auth, address, info.videoId ?? `video-${info.file.name}`)
    },
    onUploadSucceed: (info) => note('onUploadSucceed', info),
    onUploadFailed: (info, code) => note('onUploadFailed', info, code),
    onUploadProgress: (_, totalSize, loadedPercent) => void progress.push([totalSize, loadedPercent]),
    async onUploadTokenExpired(info) {
      note('onUploadTokenExpired', info)
      uploader.resumeUploadWithAuth((await authorize(info.file.name)).auth)
    },
    onUploadCanceled: (info) => note('onUploadCanceled', info),
    onUploadEnd: () => {
      calls.push('onUploadEnd')
      onEnd()
    },
    ...options,
  })
  for (const file of list) uploader.addFile(file, null, null, null, '{"Vod":{"Title":"A title"}}')
  return { uploader, calls, progress, end }
}

async function expectStored(file: File): Promise<void> {
  expect(await oss.stored({ key: file.name })).toMatchObject({ sha256: await sha256(file) })
}

describe("the documentation's own code", () => {
  test('uploads two files one after the other', async () => {
    const list = files(3 * MIB, 10)
    const { uploader, calls, progress, end } = start(list)
    uploader.startUpload()
    await end
    expect(calls).toEqual([
      'addFileSuccess 0 Ready',
      'addFileSuccess 1 Ready',
      'onUploadstarted 0 Ready new',
      'onUploadSucceed 0 Success',
      'onUploadstarted 1 Ready new',
      'onUploadSucceed 1 Success',
      'onUploadEnd',
    ])
    expect(progress.at(-1)).toEqual([10, 1])
    expect(uploader.listFiles().map(({ videoId }) => videoId)).toEqual(
      list.map(({ name }) => `video-${name}`),
    )
    expect(uploader.listFiles()[0]).toMatchObject({ object: list[0]?.name, videoInfo: { Title: 'A title' } })
    for (const file of list) await expectStored(file)
  })

  test('goes on with new credentials when the old ones have expired', async () => {
    const [file] = files(3 * MIB)
    if (file === undefined) return
    await oss.orderFault({ kind: 'expired-token', op: 'UploadPart', partNumber: 2 })
    const { uploader, calls, end } = start([file])
    uploader.startUpload()
    await end
    expect(calls.slice(1)).toEqual([
      'onUploadstarted 0 Ready new',
      'onUploadTokenExpired 0 Uploading',
      'onUploadSucceed 0 Success',
      'onUploadEnd',
    ])
    await expectStored(file)
  })

  test('stops, and goes on with what is missing', async () => {
    const [file] = files(12 * MIB)
    if (file === undefined) return
    await oss.orderFault({ kind: 'bandwidth', op: 'UploadPart', bytesPerSecond: 2 * MIB, times: 'always' })
    const { uploader, calls, progress, end } = start([file])
    uploader.startUpload()
    while (progress.length < 5) await new Promise((resolve) => requestAnimationFrame(resolve))
    uploader.stopUpload()
    expect(uploader.listFiles()[0]?.state).toBe('Stoped')
    await oss.clearFaults()
    uploader.startUpload()
    await end
    expect(calls.slice(2)).toEqual(['onUploadCanceled 0 Stoped', 'onUploadSucceed 0 Success', 'onUploadEnd'])
    const opened = (await oss.log({ key: file.name })).filter(({ op }) => op === 'InitiateMultipartUpload')
    expect(opened).toHaveLength(1)
    await expectStored(file)
  })

  test('cancels the running file, also before its first part, and goes on with the next', async () => {
    const list = files(3 * MIB, 3 * MIB)
    const { uploader, calls, end } = start(list, {
      onUploadstarted: async (info) => {
        if (info.file === list[0]) return void uploader.cancelFile(0)
        const { auth, address } = await authorize(info.file.name)
        uploader.setUploadAuthAndAddress(info, auth, address, 'video')
      },
    })
    uploader.startUpload()
    await end
    expect(calls.slice(2)).toEqual([
      'onUploadCanceled 0 Canceled',
      'onUploadSucceed 1 Success',
      'onUploadEnd',
    ])
    expect(await oss.stored({ key: list[0]?.name ?? '' })).toBeUndefined()
    expect(await oss.openUploads({ key: list[0]?.name ?? '' })).toEqual([])
  })

  test('deletes files, and makes a canceled one ready again', async () => {
    const list = files(10, 10, 10)
    const { uploader, calls, end } = start(list)
    expect(uploader.deleteFile(0)).toBe(true)
    expect(uploader.cancelFile(1)).toBe(true)
    expect(uploader.resumeFile(1)).toBe(true)
    expect(uploader.resumeFile(0)).toBe(false)
    expect(uploader.deleteFile(7)).toBe(false)
    expect(uploader.listFiles().map(({ file }) => file)).toEqual(list.slice(1))
    // Only a file that was running tells that it was canceled.
    expect(calls.slice(3)).toEqual([])
    uploader.startUpload()
    await end
    expect(calls.filter((call) => call.startsWith('onUploadSucceed'))).toHaveLength(2)
  })
})

test('a start with nothing to upload tells nothing', () => {
  const { uploader, calls } = start([])
  uploader.startUpload()
  expect(calls).toEqual([])
  expect(uploader.state).toBe('End')
})

describe('a known defect is not there:', () => {
  test('a failure of the last file is told, and the list ends', async () => {
    const [file] = files(10)
    if (file === undefined) return
    await oss.orderFault({
      kind: 'status',
      op: 'PutObject',
      status: 403,
      code: 'AccessDenied',
      times: 'always',
    })
    const { uploader, calls, end } = start([file])
    uploader.startUpload()
    await end
    expect(calls.slice(2)).toEqual(['onUploadFailed 0 Failure AccessDenied', 'onUploadEnd'])
    await oss.clearFaults()
    uploader.startUpload()
    while (uploader.listFiles()[0]?.state !== 'Success')
      await new Promise((resolve) => requestAnimationFrame(resolve))
  })

  test('an empty file is refused, and not queued', () => {
    const { uploader, calls } = start([])
    const empty = new File([], 'empty.mp4')
    expect(uploader.addFile(empty)).toBe(false)
    expect(calls).toEqual(['onUploadFailed -1 Failure EmptyFile'])
    expect(uploader.listFiles()).toEqual([])
  })

  test('stopping before credentials have come throws nothing, and stops', async () => {
    const [file] = files(10)
    if (file === undefined) return
    let onStarted: () => void = () => undefined
    const { uploader } = start([file], { onUploadstarted: () => onStarted() })
    const [info] = uploader.listFiles()
    const { auth, address } = await authorize(file.name)
    const started = (): Promise<void> => new Promise((resolve) => (onStarted = resolve))
    let isAsked = started()
    uploader.startUpload()
    await isAsked
    uploader.stopUpload()
    expect(info?.state).toBe('Stoped')
    // An answer to what was asked before the stop comes too late.
    expect(info && uploader.setUploadAuthAndAddress(info, auth, address, 'video')).toBe(false)
    expect(info).toMatchObject({ state: 'Stoped', videoId: undefined })
    isAsked = started()
    uploader.startUpload()
    await isAsked
    // Nothing is sent before credentials have come.
    expect(info?.state).toBe('Ready')
    uploader.cleanList()
    expect(uploader.listFiles()).toEqual([])
  })

  test('a start at once after a stop, before credentials have come, asks for them again', async () => {
    const [file] = files(3 * MIB)
    if (file === undefined) return
    let asked = 0
    const { uploader, calls, end } = start([file], {
      onUploadstarted: async (info) => {
        asked += 1
        if (asked === 1) {
          uploader.stopUpload()
          uploader.startUpload()
          return
        }
        const { auth, address } = await authorize(file.name)
        uploader.setUploadAuthAndAddress(info, auth, address, 'video')
      },
    })
    uploader.startUpload()
    await end
    expect(asked).toBe(2)
    expect(calls.slice(1)).toEqual(['onUploadCanceled 0 Stoped', 'onUploadSucceed 0 Success', 'onUploadEnd'])
    await expectStored(file)
  })

  test('window.onbeforeunload is left alone', () => {
    start([])
    expect(window.onbeforeunload).toBeNull()
  })
})

test('an image is one by its ending alone', () => {
  const { uploader } = start(['a.png', 'b.JPEG', 'c.gif', 'xjpgy.mp4'].map((name) => new File(['x'], name)))
  expect(uploader.listFiles().map(({ isImage }) => isImage)).toEqual([true, true, true, false])
})

test('what cannot be decoded, or was not asked for, is refused', async () => {
  const [file] = files(10)
  if (file === undefined) return
  const { uploader } = start([file])
  const [info] = uploader.listFiles()
  if (info === undefined) return
  const { auth, address } = await authorize(file.name)
  expect(uploader.setUploadAuthAndAddress(info, auth, address, 'video')).toBe(false)
  expect(uploader.setUploadAuthAndAddress(info, 'no base64', address, 'video')).toBe(false)
  expect(uploader.resumeUploadWithAuth(auth)).toBe(false)
})
