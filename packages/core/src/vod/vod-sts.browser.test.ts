import { afterEach, describe, expect, inject, test } from 'vitest'
import { BUCKET, VOD_PATH } from '../../../../test/harness/oss-fixture-api.ts'
import type { StsToken } from '../../../../test/harness/oss-fixture-api.ts'
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
import type { VodOptions } from './index.ts'

afterEach(() => oss.clearFaults())

const vodEndpoint = inject('ossFixtureUrl') + VOD_PATH

/** The documentation's code for STS: `tokens` are what the application's server gives, one after the other. */
function createStsTrace(
  list: readonly File[],
  tokens: readonly StsToken[],
  options: VodOptions = {},
  userData?: string,
): Trace & { readonly asked: readonly string[]; readonly messages: readonly string[] } {
  const asked: string[] = []
  const messages: string[] = []
  let given = 0
  const next = (): StsToken => {
    const token = tokens[Math.min(given, tokens.length - 1)]
    given += 1
    if (token === undefined) throw new Error('No token')
    return token
  }
  const trace: Trace = createTrace(
    list,
    {
      vodEndpoint,
      onUploadstarted: (info) => {
        asked.push(`onUploadstarted ${info.videoId === undefined ? 'new' : 'known'}`)
        const { accessKeyId, accessKeySecret, securityToken } = next()
        trace.uploader.setSTSToken(info, accessKeyId, accessKeySecret, securityToken)
      },
      onUploadTokenExpired: () => {
        asked.push(`onUploadTokenExpired ${trace.uploader.state}`)
        const { accessKeyId, accessKeySecret, securityToken } = next()
        trace.uploader.resumeUploadWithSTSToken(accessKeyId, accessKeySecret, securityToken, '3600')
      },
      onUploadFailed: (info, code, message) => {
        messages.push(`${list.indexOf(info.file)} ${code}: ${message}`)
      },
      ...options,
    },
    userData,
  )
  return { ...trace, asked, messages }
}

const actions = async (token: StsToken): Promise<readonly (string | undefined)[]> =>
  (await oss.vodCalls(token)).map(({ Action }) => Action)

describe('setSTSToken()', () => {
  test('asks VOD for a video with the fields of userData, and uploads there', async () => {
    const [file] = files(3 * MIB)
    if (file === undefined) return
    const token = await oss.vodToken()
    const vod = {
      Title: '标题 (1)*',
      Tags: 'a,b',
      CateId: 234,
      CoverURL: '',
      UserData: { Extend: { id: 7 } },
    }
    const { uploader, end } = createStsTrace([file], [token], {}, JSON.stringify({ Vod: vod }))
    uploader.startUpload()
    await end
    const [info] = uploader.listFiles()
    const [call, ...others] = await oss.vodCalls(token)
    expect(others).toEqual([])
    expect(call).toEqual({
      Action: 'CreateUploadVideo',
      Title: '标题 (1)*',
      FileName: file.name,
      FileSize: String(file.size),
      Tags: 'a,b',
      CateId: '234',
      UserData: '{"Extend":{"id":7}}',
      AccessKeyId: token.accessKeyId,
      Version: '2017-03-21',
      Format: 'JSON',
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: expect.stringMatching(/^[0-9a-f-]{35}$/),
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    expect(info).toMatchObject({ state: 'Success', bucket: BUCKET, object: `sv/${info?.videoId}.mp4` })
    await expectStored(file, info?.object)
  })

  test('takes the title of a file from its name, as much of it as VOD takes', async () => {
    const token = await oss.vodToken()
    const file = new File(['x'], `${'影'.repeat(200)}.mp4`)
    const { uploader, end } = createStsTrace([file], [token], {}, '')
    uploader.startUpload()
    await end
    expect(await oss.vodCalls(token)).toMatchObject([{ Title: '影'.repeat(128), FileName: file.name }])
  })

  test.each([
    ['png', {}, { Action: 'CreateUploadImage', ImageType: 'default', ImageExt: 'png' }],
    ['JPG', { ImageType: 'cover' }, { Action: 'CreateUploadImage', ImageType: 'cover', ImageExt: 'jpg' }],
    ['m4a', {}, { Action: 'CreateUploadVideo' }],
    ['srt', { BusinessType: 'subtitle' }, { Action: 'CreateUploadAttachedMedia', MediaExt: 'srt' }],
    ['png', { BusinessType: 'watermark' }, { Action: 'CreateUploadAttachedMedia', MediaExt: 'png' }],
  ])(
    'asks VOD for a file with the ending %s and the fields %j by the right operation',
    async (ending, vod, call) => {
      const token = await oss.vodToken()
      const file = randomNamed(10, ending)
      const { uploader, end } = createStsTrace([file], [token], {}, JSON.stringify({ Vod: vod }))
      uploader.startUpload()
      await end
      expect(await oss.vodCalls(token)).toMatchObject([call])
      await expectStored(file, uploader.listFiles()[0]?.object)
    },
  )

  test("tells the OpenAPI's own code and message when it refuses, and the list goes on", async () => {
    const token = await oss.vodToken()
    const list = [new File(['x'], 'no-ending'), randomNamed(10, 'mp4')]
    const { uploader, calls, messages, end } = createStsTrace(list, [token])
    uploader.startUpload()
    await end
    expect(messages).toEqual(['0 InvalidFileName.Extension: The specified FileName has no known extension.'])
    expect(calls.slice(2)).toEqual(['onUploadSucceed 1 Success', 'onUploadEnd'])
  })

  test('never tells a secret', async () => {
    const token = await oss.vodToken()
    const wrong = { ...token, accessKeySecret: 'a-wrong-secret' }
    const { uploader, messages, end } = createStsTrace(files(10), [wrong])
    uploader.startUpload()
    await end
    expect(messages).toEqual([
      '0 SignatureDoesNotMatch: Specified signature is not matched with our calculation.',
    ])
  })

  test.each(['http://127.0.0.1:1/', 'https://', 'https://user:word@127.0.0.1:1/'])(
    'fails the file when nobody answers at %s, and does not tell the token',
    async (endpoint) => {
      const token = await oss.vodToken()
      const { uploader, messages, end } = createStsTrace(files(10), [token], { vodEndpoint: endpoint })
      uploader.startUpload()
      await end
      expect(messages).toEqual([
        expect.stringMatching(
          /^0 CREDENTIALS_FAILED: .*CreateUploadVideo of ApsaraVideo VOD was not answered/,
        ),
      ])
      for (const secret of Object.values(token)) expect(messages[0]).not.toContain(encodeURIComponent(secret))
    },
  )

  test('fails the file when what answers is not the OpenAPI', async () => {
    const token = await oss.vodToken()
    const { uploader, messages, end } = createStsTrace(files(10), [token], {
      vodEndpoint: `${vodEndpoint}../`,
    })
    uploader.startUpload()
    await end
    expect(messages).toEqual([expect.stringMatching(/^0 GetUploadAuthFailed: .*HTTP status 500/)])
  })

  test('is refused when something is missing, or nothing had asked for it', async () => {
    const { accessKeyId, accessKeySecret, securityToken } = await oss.vodToken()
    const { uploader } = createTrace(files(10))
    const [info] = uploader.listFiles()
    if (info === undefined) return
    expect(uploader.setSTSToken(info, accessKeyId, accessKeySecret, securityToken)).toBe(false)
    expect(uploader.resumeUploadWithSTSToken(accessKeyId, accessKeySecret, securityToken, 3600)).toBe(false)
    let isTaken: boolean | undefined
    const asking = createTrace(files(10), {
      onUploadstarted: (asked) => {
        isTaken = asking.uploader.setSTSToken(asked, accessKeyId, accessKeySecret, '')
      },
    })
    asking.uploader.startUpload()
    await until(() => isTaken !== undefined)
    expect(isTaken).toBe(false)
    asking.uploader.cleanList()
  })
})

describe('a token of STS that has ended', () => {
  test('is asked for again before VOD has given a place', async () => {
    const [ended, fresh] = [await oss.vodToken(), await oss.vodToken()]
    await oss.endVodToken(ended)
    const [file] = files(10)
    if (file === undefined) return
    const { uploader, asked, messages, end } = createStsTrace([file], [ended, fresh])
    uploader.startUpload()
    await end
    expect(messages).toEqual([])
    expect(asked).toEqual(['onUploadstarted new', 'onUploadTokenExpired Expire'])
    expect(await actions(fresh)).toEqual(['CreateUploadVideo'])
    await expectStored(file, uploader.listFiles()[0]?.object)
  })

  test('fails the file when the next one has ended too', async () => {
    const ended = await oss.vodToken()
    await oss.endVodToken(ended)
    const { uploader, asked, messages, end } = createStsTrace(files(10), [ended])
    uploader.startUpload()
    await end
    expect(asked).toHaveLength(2)
    expect(messages).toEqual(['0 InvalidSecurityToken.Expired: The token has expired.'])
  })

  test('has VOD refresh the credentials of the upload', async () => {
    const [first, second] = [await oss.vodToken(), await oss.vodToken()]
    const [file] = files(3 * MIB)
    if (file === undefined) return
    await oss.orderFault({ kind: 'expired-token', op: 'UploadPart', partNumber: 2 })
    const { uploader, asked, end } = createStsTrace([file], [first, second])
    uploader.startUpload()
    await end
    const [info] = uploader.listFiles()
    expect(asked).toEqual(['onUploadstarted new', 'onUploadTokenExpired Expire'])
    expect(await oss.vodCalls(second)).toMatchObject([
      { Action: 'RefreshUploadVideo', VideoId: info?.videoId },
    ])
    await expectStored(file, info?.object)
  })
})

describe('a file that failed', () => {
  const failing = async (
    tokens: readonly StsToken[],
  ): Promise<ReturnType<typeof createStsTrace> & { readonly file: File }> => {
    const file = randomNamed(3 * MIB, 'mp4')
    await oss.orderFault({
      kind: 'status',
      op: 'UploadPart',
      partNumber: 3,
      status: 403,
      code: 'AccessDenied',
    })
    const trace = createStsTrace([file], tokens)
    trace.uploader.startUpload()
    await trace.end
    expect(trace.messages).toEqual([expect.stringContaining('0 AccessDenied')])
    return { ...trace, file }
  }

  test('goes on as the same video', async () => {
    const token = await oss.vodToken()
    const { uploader, asked, file } = await failing([token])
    uploader.startUpload()
    await until(() => uploader.listFiles()[0]?.state === 'Success')
    expect(asked).toEqual(['onUploadstarted new', 'onUploadstarted known'])
    expect(await actions(token)).toEqual(['CreateUploadVideo', 'RefreshUploadVideo'])
    await expectStored(file, uploader.listFiles()[0]?.object)
  })

  test('begins anew when VOD does not know the video any more', async () => {
    const token = await oss.vodToken()
    const { uploader, asked, file } = await failing([token])
    await oss.deleteVideo({ videoId: uploader.listFiles()[0]?.videoId ?? '' })
    uploader.startUpload()
    await until(() => uploader.listFiles()[0]?.state === 'Success')
    expect(asked).toEqual(['onUploadstarted new', 'onUploadstarted known', 'onUploadstarted new'])
    expect(await actions(token)).toEqual(['CreateUploadVideo', 'RefreshUploadVideo', 'CreateUploadVideo'])
    await expectStored(file, uploader.listFiles()[0]?.object)
  })
})

test('a small file whose video is gone gets another', async () => {
  const token = await oss.vodToken()
  const file = randomNamed(10, 'mp4')
  await oss.orderFault({ kind: 'status', op: 'PutObject', status: 403, code: 'AccessDenied' })
  const { uploader, end } = createStsTrace([file], [token])
  uploader.startUpload()
  await end
  await oss.deleteVideo({ videoId: uploader.listFiles()[0]?.videoId ?? '' })
  uploader.startUpload()
  await until(() => uploader.listFiles()[0]?.state === 'Success')
  expect(await actions(token)).toEqual(['CreateUploadVideo', 'RefreshUploadVideo', 'CreateUploadVideo'])
  await expectStored(file, uploader.listFiles()[0]?.object)
})
