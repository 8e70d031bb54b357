import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createOpenApiVodService } from './openapi-vod-service.ts'
import type { VodService } from './vod-service.ts'

interface Call {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly parameters: Readonly<Record<string, string>>
}

const VIDEO = { RequestId: 'R-1', VideoId: 'V-1', UploadAddress: 'QQ==', UploadAuth: 'Qg==' }
const IMAGE = {
  RequestId: 'R-2',
  ImageId: 'I-1',
  ImageURL: 'https://i.example/a.png',
  FileURL: 'https://f.example/a.png',
  UploadAddress: 'QQ==',
  UploadAuth: 'Qg==',
}
const FILM = { fileName: 'film.mp4', sizeBytes: 1234, ttlSeconds: undefined }

/** Stands for `vod.<region>.aliyuncs.com` on loopback. */
const stub = {
  calls: [] as Call[],
  answer: { status: 200, body: {} as object },
}
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://stub')
  stub.calls.push({
    method: request.method,
    headers: request.headers,
    parameters: Object.fromEntries(searchParams),
  })
  response.writeHead(stub.answer.status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(stub.answer.body))
})

let vod: VodService
beforeEach(async () => {
  stub.calls = []
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  vod = createOpenApiVodService({
    account: {
      accessKeyId: 'LTAI-id',
      accessKeySecret: 'hush-hush',
      securityToken: undefined,
      region: 'cn-shanghai',
    },
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    protocol: 'http',
  })
})
afterEach(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

describe('createOpenApiVodService()', () => {
  test('calls CreateUploadVideo with name, title and size, and answers with what it answered', async () => {
    stub.answer = { status: 200, body: VIDEO }
    expect(await vod.createUploadVideo(FILM)).toEqual(VIDEO)
    expect(stub.calls).toHaveLength(1)
    const [call] = stub.calls
    expect(call?.headers).toMatchObject({
      'x-acs-action': 'CreateUploadVideo',
      'x-acs-version': '2017-03-21',
      authorization: expect.stringMatching(/^ACS3-HMAC-SHA256 Credential=LTAI-id,/),
    })
    expect(call?.parameters).toEqual({ FileName: 'film.mp4', Title: 'film.mp4', FileSize: '1234' })
  })

  test('keeps the title within the 128 characters that VOD allows', async () => {
    stub.answer = { status: 200, body: VIDEO }
    await vod.createUploadVideo({ ...FILM, fileName: `${'🎬'.repeat(130)}.mp4` })
    expect(stub.calls[0]?.parameters['Title']).toBe('🎬'.repeat(128))
  })

  test('calls RefreshUploadVideo with the id', async () => {
    stub.answer = { status: 200, body: VIDEO }
    expect(await vod.refreshUploadVideo({ videoId: 'V-1', ttlSeconds: undefined })).toEqual(VIDEO)
    expect(stub.calls[0]?.headers).toMatchObject({
      'x-acs-action': 'RefreshUploadVideo',
      'x-acs-version': '2017-03-21',
    })
    expect(stub.calls[0]?.parameters).toEqual({ VideoId: 'V-1' })
  })

  test('calls CreateUploadImage with type and extension', async () => {
    stub.answer = { status: 200, body: IMAGE }
    expect(await vod.createUploadImage({ ...FILM, fileName: 'cover.JPG' })).toEqual(IMAGE)
    expect(stub.calls[0]?.headers).toMatchObject({ 'x-acs-action': 'CreateUploadImage' })
    expect(stub.calls[0]?.parameters).toEqual({ ImageType: 'default', ImageExt: 'jpg', Title: 'cover.JPG' })
  })

  test('sends the token of a temporary key along', async () => {
    const temporary = createOpenApiVodService({
      account: {
        accessKeyId: 'STS.id',
        accessKeySecret: 'hush-hush',
        securityToken: 'token',
        region: 'cn-shanghai',
      },
      host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      protocol: 'http',
    })
    stub.answer = { status: 200, body: VIDEO }
    await temporary.createUploadVideo(FILM)
    expect(stub.calls[0]?.headers).toMatchObject({ 'x-acs-security-token': 'token' })
  })

  test('passes the refusal of VOD on, with its own request id', async () => {
    stub.answer = {
      status: 404,
      body: { RequestId: 'R-9', HostId: 'vod', Code: 'InvalidVideo.NotFound', Message: 'No such video.' },
    }
    await expect(vod.refreshUploadVideo({ videoId: 'V-9', ttlSeconds: undefined })).rejects.toMatchObject({
      status: 404,
      code: 'InvalidVideo.NotFound',
      message: 'No such video.',
      requestId: 'R-9',
    })
  })

  test('says so when the answer lacks a field', async () => {
    stub.answer = { status: 200, body: { ...VIDEO, UploadAuth: undefined } }
    await expect(vod.createUploadVideo(FILM)).rejects.toMatchObject({
      status: 502,
      message: 'The answer of ApsaraVideo VOD has no UploadAuth.',
    })
  })

  test('says so when VOD cannot be reached, without the key', async () => {
    const unreachable = createOpenApiVodService({
      account: {
        accessKeyId: 'LTAI-id',
        accessKeySecret: 'hush-hush',
        securityToken: undefined,
        region: 'cn-shanghai',
      },
      // The discard port: nobody listens.
      host: '127.0.0.1:9',
      protocol: 'http',
    })
    const error: unknown = await unreachable.createUploadVideo(FILM).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ status: 503, code: 'ServiceUnavailable' })
    expect(String(error)).not.toContain('hush-hush')
  })

  test('refuses to shorten credentials, which VOD cannot do', async () => {
    await expect(vod.createUploadVideo({ ...FILM, ttlSeconds: 20 })).rejects.toMatchObject({ status: 400 })
    expect(stub.calls).toEqual([])
  })
})
