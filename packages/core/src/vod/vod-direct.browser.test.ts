import { afterEach, describe, expect, inject, test } from 'vitest'
import { VOD_PATH } from '../../../../test/harness/oss-fixture-api.ts'
import {
  createTrace,
  expectStored,
  files,
  MIB,
  oss,
  randomNamed,
  until,
} from '../../../../test/harness/vod-bench.ts'
import type { Trace } from '../../../../test/harness/vod-bench.ts'
import { AliyunUpload } from './index.ts'
import type { UploadInfo, Vod, VodOptions } from './index.ts'

afterEach(() => oss.clearFaults())

const vodEndpoint = inject('ossFixtureUrl') + VOD_PATH

describe('setSTSTokenDirectlyUpload()', () => {
  interface OssToken {
    readonly endpoint: string
    readonly bucket: string
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken: string
  }
  const ossToken = async (key: string): Promise<OssToken> => {
    const { endpoint = '', securityToken = '', ...rest } = await oss.credentials({ key })
    return { ...rest, endpoint, securityToken }
  }

  test('uploads to the place that was given to addFile(), and goes on with a newer token', async () => {
    const file = randomNamed(3 * MIB, 'mp4')
    const key = `direct/目录/${file.name}`
    const first = await ossToken(key)
    const second = await ossToken(key)
    await oss.orderFault({ kind: 'expired-token', op: 'UploadPart', partNumber: 2 })
    const answers: boolean[] = []
    const { uploader, calls, end }: Trace = createTrace([], {
      region: 'cn-hangzhou',
      onUploadstarted: (info) => {
        const { accessKeyId, accessKeySecret, securityToken } = first
        answers.push(
          uploader.setSTSTokenDirectlyUpload(info, accessKeyId, accessKeySecret, securityToken, ''),
          uploader.setSTSTokenDirectlyUpload(info, accessKeyId, accessKeySecret, securityToken, '3600'),
          uploader.setSTSTokenDirectlyUpload(info, accessKeyId, accessKeySecret, securityToken, '3600'),
        )
      },
      onUploadTokenExpired: () => {
        const { accessKeyId, accessKeySecret, securityToken } = second
        answers.push(uploader.resumeUploadWithSTSToken(accessKeyId, accessKeySecret, securityToken, '3600'))
      },
    })
    uploader.addFile(file, first.endpoint, first.bucket, key)
    uploader.startUpload()
    await end
    expect(answers).toEqual([false, true, false, true])
    expect(calls.slice(1)).toEqual(['onUploadSucceed -1 Success', 'onUploadEnd'])
    expect(uploader.listFiles()[0]).toMatchObject({ bucket: first.bucket, object: key, videoId: undefined })
    await expectStored(file, key)
  })

  test('is refused without a bucket and an object', async () => {
    const { accessKeyId, accessKeySecret, securityToken } = await ossToken('a')
    let isTaken: boolean | undefined
    const { uploader }: Trace = createTrace(files(10), {
      onUploadstarted: (info) => {
        isTaken = uploader.setSTSTokenDirectlyUpload(info, accessKeyId, accessKeySecret, securityToken, 3600)
      },
    })
    uploader.startUpload()
    await until(() => isTaken !== undefined)
    expect(isTaken).toBe(false)
    uploader.cleanList()
  })

  test('init() does the same where there is no callback', async () => {
    const file = randomNamed(10, 'mp4')
    const { endpoint, bucket, accessKeyId, accessKeySecret, securityToken } = await ossToken(file.name)
    let onEnd: () => void = () => undefined
    const end = new Promise<void>((resolve) => (onEnd = resolve))
    const uploader = new AliyunUpload.Vod({ region: 'cn-hangzhou', onUploadEnd: () => onEnd() })
    expect(uploader.init(accessKeyId, accessKeySecret, securityToken, '3600')).toBe(true)
    uploader.addFile(file, endpoint, bucket, file.name)
    uploader.startUpload()
    await end
    await expectStored(file)
  })
})

describe('init()', () => {
  const endOf = (
    options: VodOptions,
  ): { readonly uploader: Vod; readonly end: Promise<readonly string[]> } => {
    const failures: string[] = []
    let onEnd: (failures: readonly string[]) => void = () => undefined
    const end = new Promise<readonly string[]>((resolve) => (onEnd = resolve))
    const onUploadFailed = (_: UploadInfo, code: string, message: string): number =>
      failures.push(`${code}: ${message}`)
    const uploader = new AliyunUpload.Vod({ ...options, onUploadFailed, onUploadEnd: () => onEnd(failures) })
    return { uploader, end }
  }

  test('has VOD asked for a place where none was given', async () => {
    const token = await oss.vodToken()
    const file = randomNamed(10, 'mp4')
    const { uploader, end } = endOf({ vodEndpoint })
    expect(uploader.init(token.accessKeyId, token.accessKeySecret, token.securityToken, 3600)).toBe(true)
    uploader.addFile(file)
    uploader.startUpload()
    expect(await end).toEqual([])
    await expectStored(file, uploader.listFiles()[0]?.object)
  })

  test('refuses half a pair', () => {
    const { uploader } = endOf({})
    expect(uploader.init('id')).toBe(false)
    expect(uploader.init('id', 'secret', 'token')).toBe(false)
    expect(uploader.init('id', 'secret', undefined, '3600')).toBe(false)
    expect(uploader.init()).toBe(true)
  })

  test('a file for which nobody gives credentials fails', async () => {
    const { uploader, end } = endOf({})
    uploader.addFile(randomNamed(10, 'mp4'))
    uploader.startUpload()
    expect(await end).toEqual([expect.stringMatching(/^CREDENTIALS_FAILED: .*set onUploadstarted/)])
  })
})
