import { afterEach, describe, expect, test } from 'vitest'
import {
  authorize,
  createTrace,
  expectStored,
  files,
  MIB,
  oss,
  randomNamed,
  slowDown,
  until,
} from '../../../../test/harness/vod-bench.ts'
import type { Trace } from '../../../../test/harness/vod-bench.ts'

afterEach(() => oss.clearFaults())

const states = ({ uploader }: Trace): readonly string[] => uploader.listFiles().map(({ state }) => state)

describe('pauseFile() and resumeFile()', () => {
  test('let the list go on with the next, and go on with what is missing', async () => {
    const list = files(8 * MIB, 10)
    const [first, second] = list
    if (first === undefined || second === undefined) return
    await slowDown()
    const trace = createTrace(list)
    const { uploader, calls, progress, end } = trace
    uploader.startUpload()
    await until(() => progress.length >= 5)
    expect(uploader.pauseFile(0)).toBe(true)
    expect(uploader.pauseFile(0)).toBe(false)
    expect(states(trace)[0]).toBe('Paused')
    await until(() => states(trace)[1] === 'Success')
    // One file is left to upload, so that the list has not ended.
    expect(calls.slice(3)).toEqual(['onUploadstarted 1 Ready new', 'onUploadSucceed 1 Success'])
    expect(uploader.state).toBe('Start')
    await oss.clearFaults()
    expect(uploader.resumeFile(0)).toBe(true)
    await end
    expect(calls.slice(5)).toEqual(['onUploadSucceed 0 Success', 'onUploadEnd'])
    const opened = (await oss.log({ key: first.name })).filter(({ op }) => op === 'InitiateMultipartUpload')
    expect(opened).toHaveLength(1)
    for (const file of list) await expectStored(file)
  })

  test('a paused file waits for the one that is running', async () => {
    const list = files(8 * MIB, 8 * MIB)
    await slowDown()
    const trace = createTrace(list)
    const { uploader, calls, end } = trace
    uploader.startUpload()
    await until(() => states(trace)[0] === 'Uploading')
    uploader.pauseFile(0)
    await until(() => states(trace)[1] === 'Uploading')
    uploader.resumeFile(0)
    expect(states(trace)).toEqual(['Ready', 'Uploading'])
    await oss.clearFaults()
    await end
    expect(calls.slice(4)).toEqual(['onUploadSucceed 1 Success', 'onUploadSucceed 0 Success', 'onUploadEnd'])
  })

  test('pass over a file that has not begun, whatever stop and start do, until it is resumed', async () => {
    const trace = createTrace(files(10, 10))
    const { uploader, calls, end } = trace
    expect(uploader.pauseFile(0)).toBe(true)
    uploader.startUpload()
    await until(() => states(trace)[1] === 'Success')
    uploader.stopUpload()
    uploader.resumeFile(0)
    expect(states(trace)[0]).toBe('Ready')
    uploader.pauseFile(0)
    uploader.startUpload()
    expect(states(trace)[0]).toBe('Paused')
    uploader.resumeFile(0)
    await end
    expect(calls.filter((call) => call.startsWith('onUploadSucceed'))).toEqual([
      'onUploadSucceed 1 Success',
      'onUploadSucceed 0 Success',
    ])
  })

  test('a paused file that is canceled is not waited for', async () => {
    const [file] = files(8 * MIB)
    if (file === undefined) return
    await slowDown()
    const { uploader, progress, end } = createTrace([file])
    uploader.startUpload()
    await until(() => progress.length > 0)
    uploader.pauseFile(0)
    uploader.cancelFile(0)
    await end
    await oss.clearFaults()
    await expect.poll(() => oss.openUploads({ key: file.name })).toEqual([])
  })

  test('an answer that comes while the file is paused is refused, and asked for again', async () => {
    const [file] = files(10)
    if (file === undefined) return
    const answers: boolean[] = []
    let asked = 0
    const { uploader, end }: Trace = createTrace([file], {
      onUploadstarted: async (info) => {
        asked += 1
        if (asked === 1) uploader.pauseFile(0)
        const { auth, address } = await authorize(file.name)
        answers.push(uploader.setUploadAuthAndAddress(info, auth, address, 'video'))
        if (asked === 1) uploader.resumeFile(0)
      },
    })
    uploader.startUpload()
    await end
    expect(answers).toEqual([false, true])
    await expectStored(file)
  })
})

describe('credentials that end are answered by', () => {
  test.each(['resumeUploadWithAuth', 'resumeUploadWithToken', 'setUploadAuthAndAddress'] as const)(
    '%s()',
    async (method) => {
      const [file] = files(3 * MIB)
      if (file === undefined) return
      await oss.orderFault({ kind: 'expired-token', op: 'UploadPart', partNumber: 2 })
      const answers: boolean[] = []
      const { uploader, end }: Trace = createTrace([file], {
        onUploadTokenExpired: async (info, event) => {
          expect(event.code).toBe('SecurityTokenExpired')
          const {
            accessKeyId,
            accessKeySecret,
            securityToken = '',
          } = await oss.credentials({ key: file.name })
          const { auth, address } = await authorize(file.name)
          const answer = {
            resumeUploadWithAuth: () => uploader.resumeUploadWithAuth(auth),
            resumeUploadWithToken: () =>
              uploader.resumeUploadWithToken(accessKeyId, accessKeySecret, securityToken, 3600),
            setUploadAuthAndAddress: () => uploader.setUploadAuthAndAddress(info, auth, address),
          }
          answers.push(answer[method](), answer[method]())
        },
      })
      uploader.startUpload()
      await end
      expect(answers).toEqual([true, false])
      await expectStored(file)
    },
  )
})

describe('media without a refresh begin anew at another address when their credentials end:', () => {
  test.each([
    ['an image', 'png', '{}'],
    ['attached media', 'ttml', '{"Vod":{"BusinessType":"subtitle"}}'],
  ])('%s', async (_, ending, userData) => {
    const file = randomNamed(3 * MIB, ending)
    const second = `again/${file.name}`
    await oss.orderFault({ kind: 'expired-token', op: 'UploadPart', key: file.name, partNumber: 2 })
    const seen: (string | undefined)[] = []
    const { uploader, calls, end }: Trace = createTrace(
      [file],
      {
        onUploadstarted: async (info) => {
          seen.push(info.videoId)
          const { auth, address } = await authorize(file.name)
          uploader.setUploadAuthAndAddress(info, auth, address, 'media-1')
        },
        onUploadTokenExpired: async (info) => {
          seen.push(info.videoId)
          const { auth, address } = await authorize(second)
          uploader.setUploadAuthAndAddress(info, auth, address, 'media-2')
        },
      },
      userData,
    )
    uploader.startUpload()
    await end
    // There is nothing that RefreshUploadVideo could be called for.
    expect(seen).toEqual([undefined, undefined])
    expect(calls.slice(1)).toEqual(['onUploadSucceed 0 Success', 'onUploadEnd'])
    expect(uploader.listFiles()[0]).toMatchObject({ object: second, videoId: 'media-2' })
    await expectStored(file, second)
    expect(await oss.stored({ key: file.name })).toBeUndefined()
  })
})

describe('getCheckpoint()', () => {
  test('tells how far a file is that was stopped, until it is uploaded', async () => {
    const [file, other] = files(8 * MIB, 8 * MIB)
    if (file === undefined || other === undefined) return
    await slowDown()
    const { uploader, progress, end } = createTrace([file])
    expect(await uploader.getCheckpoint(file)).toBe('')
    uploader.startUpload()
    await until(() => progress.length >= 5)
    uploader.stopUpload()
    const [found, none] = await Promise.all([uploader.getCheckpoint(file), uploader.getCheckpoint(other)])
    expect(none).toBe('')
    expect(found).toEqual({
      fileName: file.name,
      size: 8 * MIB,
      videoId: `video-${file.name}`,
      loaded: progress.at(-1)?.[1],
      checkpoint: { file, name: file.name, fileSize: 8 * MIB },
    })
    await oss.clearFaults()
    uploader.startUpload()
    await end
    expect(await uploader.getCheckpoint(file)).toBe('')
  })

  test('tells what another page left, and the file goes on as the same video', async () => {
    const [file] = files(8 * MIB)
    if (file === undefined) return
    await oss.orderFault({
      kind: 'status',
      op: 'UploadPart',
      partNumber: 8,
      status: 403,
      code: 'AccessDenied',
    })
    const earlier = createTrace([file])
    earlier.uploader.startUpload()
    await earlier.end
    const again = new File([file], file.name, { lastModified: file.lastModified })
    const later = createTrace([again])
    const found = await later.uploader.getCheckpoint(again)
    expect(found).toMatchObject({ fileName: file.name, videoId: `video-${file.name}` })
    const { loaded } = found === '' ? { loaded: 0 } : found
    expect(loaded).toBeGreaterThan(0)
    expect(loaded).toBeLessThan(1)
    later.uploader.startUpload()
    await later.end
    expect(later.calls.slice(1)).toEqual([
      `onUploadstarted 0 Ready video-${file.name}`,
      'onUploadSucceed 0 Success',
      'onUploadEnd',
    ])
    const opened = (await oss.log({ key: file.name })).filter(({ op }) => op === 'InitiateMultipartUpload')
    expect(opened).toHaveLength(1)
    await expectStored(file)
  })
})

test('onUploadProgressBytes() tells bytes, as the SDKs for phones do', async () => {
  const told: (readonly [string, number, number])[] = []
  const [file] = files(3 * MIB)
  if (file === undefined) return
  const { uploader, end } = createTrace([file], {
    onUploadProgressBytes: (info, uploadedBytes, totalBytes) =>
      void told.push([info.file.name, uploadedBytes, totalBytes]),
  })
  uploader.startUpload()
  await end
  expect(told.at(-1)).toEqual([file.name, 3 * MIB, 3 * MIB])
})

test('a list that has ended leaves no worker behind', async () => {
  const { uploader, end } = createTrace(files(10))
  const started: Worker[] = []
  const ended = new Set<Worker>()
  const Original = globalThis.Worker
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      started.push(this)
    }
    override terminate(): void {
      ended.add(this)
      super.terminate()
    }
  }
  try {
    uploader.startUpload()
    await end
    await until(() => ended.size === 1)
    expect(started).toHaveLength(1)
  } finally {
    globalThis.Worker = Original
  }
})

test('onUploadRetry and onUploadRetryResume tell of what fails and comes through', async () => {
  const list = files(2 * MIB)
  await oss.orderFault({ kind: 'status', status: 500, code: 'InternalError', op: 'UploadPart', times: 1 })
  const retries: string[] = []
  const { uploader, end } = createTrace(list, {
    onUploadRetry: (code, message, { file }) =>
      void retries.push(`${code} ${message.includes('part')} ${file === list[0]}`),
    onUploadRetryResume: ({ file }) => void retries.push(`resume ${file === list[0]}`),
  })
  uploader.startUpload()
  await end
  expect(retries).toEqual(['InternalError true true', 'resume true'])
})
