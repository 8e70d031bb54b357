import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  authorize,
  createTrace,
  expectStored,
  files,
  MIB,
  oss,
  slowDown,
  until,
} from '../../../../test/harness/vod-bench.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  return oss.clearFaults()
})

describe("the documentation's own code", () => {
  test('uploads two files one after the other', async () => {
    const list = files(3 * MIB, 10)
    const { uploader, calls, progress, end } = createTrace(list)
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
    const { uploader, calls, end } = createTrace([file])
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
    await slowDown()
    const { uploader, calls, progress, end } = createTrace([file])
    uploader.startUpload()
    await until(() => progress.length >= 5)
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
    const { uploader, calls, end } = createTrace(list, {
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
    const { uploader, calls, end } = createTrace(list)
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
  const { uploader, calls } = createTrace([])
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
    const { uploader, calls, end } = createTrace([file])
    uploader.startUpload()
    await end
    expect(calls.slice(2)).toEqual(['onUploadFailed 0 Failure AccessDenied', 'onUploadEnd'])
    await oss.clearFaults()
    uploader.startUpload()
    await until(() => uploader.listFiles()[0]?.state === 'Success')
  })

  test('an empty file is refused, and not queued', () => {
    const { uploader, calls } = createTrace([])
    const empty = new File([], 'empty.mp4')
    expect(uploader.addFile(empty)).toBe(false)
    expect(calls).toEqual(['onUploadFailed -1 Failure EmptyFile'])
    expect(uploader.listFiles()).toEqual([])
  })

  test('stopping before credentials have come throws nothing, and stops', async () => {
    const [file] = files(10)
    if (file === undefined) return
    let onStarted: () => void = () => undefined
    const { uploader } = createTrace([file], { onUploadstarted: () => onStarted() })
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

  test('a callback that fails to get credentials fails its file, and the list goes on', async () => {
    const reported = vi.fn<(error: unknown) => void>()
    vi.stubGlobal('reportError', reported)
    const list = files(10, 10)
    const { uploader, calls, end } = createTrace(list, {
      onUploadstarted: async (info) => {
        if (info.file === list[0]) throw new Error('The server is down.')
        const { auth, address } = await authorize(info.file.name)
        uploader.setUploadAuthAndAddress(info, auth, address, 'video')
      },
    })
    uploader.startUpload()
    await end
    expect(calls.slice(2)).toEqual([
      'onUploadFailed 0 Failure CREDENTIALS_FAILED',
      'onUploadSucceed 1 Success',
      'onUploadEnd',
    ])
    expect(reported.mock.calls).toEqual([[new Error('The server is down.')]])
  })

  test('newer credentials that cannot be used fail the file, which goes on with the next start', async () => {
    const [file] = files(3 * MIB)
    if (file === undefined) return
    await oss.orderFault({ kind: 'expired-token', op: 'UploadPart', partNumber: 2 })
    let isBroken = true
    const { uploader, calls, end } = createTrace([file], {
      onUploadTokenExpired: async () => {
        const { auth } = await authorize(file.name)
        const broken = btoa(atob(auth).replace('3600', 'soon'))
        uploader.resumeUploadWithAuth(isBroken ? broken : auth)
      },
    })
    uploader.startUpload()
    await end
    expect(calls.slice(2)).toEqual(['onUploadFailed 0 Failure CREDENTIALS_INVALID', 'onUploadEnd'])
    isBroken = false
    uploader.startUpload()
    await until(() => uploader.listFiles()[0]?.state === 'Success')
    const opened = (await oss.log({ key: file.name })).filter(({ op }) => op === 'InitiateMultipartUpload')
    expect(opened).toHaveLength(1)
    await expectStored(file)
  })

  test('a start right after a stop goes on', async () => {
    const [file] = files(6 * MIB)
    if (file === undefined) return
    await slowDown()
    const { uploader, progress, end } = createTrace([file])
    uploader.startUpload()
    await until(() => progress.length > 0)
    uploader.stopUpload()
    uploader.startUpload()
    await oss.clearFaults()
    await end
    expect(uploader.listFiles()[0]?.state).toBe('Success')
    await expectStored(file)
  })

  test('a list that was emptied leaves nothing behind, and its file can be added again', async () => {
    const [file] = files(6 * MIB)
    if (file === undefined) return
    await slowDown()
    const { uploader, progress, end } = createTrace([file])
    uploader.startUpload()
    await until(() => progress.length > 0)
    uploader.cleanList()
    await oss.clearFaults()
    expect(uploader.addFile(file)).toBe(true)
    uploader.startUpload()
    await end
    await expectStored(file)
    expect(await oss.openUploads({ key: file.name })).toEqual([])
  })

  test('a start at once after a stop, before credentials have come, asks for them again', async () => {
    const [file] = files(3 * MIB)
    if (file === undefined) return
    let asked = 0
    const { uploader, calls, end } = createTrace([file], {
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
    createTrace([])
    expect(window.onbeforeunload).toBeNull()
  })
})

test('an image is one by its ending alone', () => {
  const { uploader } = createTrace(
    ['a.png', 'b.JPEG', 'c.gif', 'd.Heic', 'e.webp', 'xjpgy.mp4'].map((name) => new File(['x'], name)),
  )
  expect(uploader.listFiles().map(({ isImage }) => isImage)).toEqual([true, true, true, true, true, false])
})

test('what cannot be decoded, or was not asked for, is refused', async () => {
  const [file] = files(10)
  if (file === undefined) return
  const { uploader } = createTrace([file])
  const [info] = uploader.listFiles()
  if (info === undefined) return
  const { auth, address } = await authorize(file.name)
  expect(uploader.setUploadAuthAndAddress(info, auth, address, 'video')).toBe(false)
  expect(uploader.setUploadAuthAndAddress(info, 'no base64', address, 'video')).toBe(false)
  expect(uploader.resumeUploadWithAuth(auth)).toBe(false)
})
