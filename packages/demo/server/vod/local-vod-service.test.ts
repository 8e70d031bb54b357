import { describe, expect, test } from 'vitest'
import { createLocalVodService } from './local-vod-service.ts'
import type { TokenIssuer } from './local-vod-service.ts'
import type { Media, MediaRegistry } from './media-registry.ts'
import type { UploadAnswer, VodService } from './vod-service.ts'

type TokenRequest = Parameters<TokenIssuer['issueToken']>[0]

function createFixture(): { readonly vod: VodService; readonly asked: TokenRequest[] } {
  const asked: TokenRequest[] = []
  const known = new Map<string, Media>()
  const media: MediaRegistry = {
    find: (mediaId) => known.get(mediaId),
    add: async (record) => void known.set(record.mediaId, record),
  }
  const oss: TokenIssuer = {
    issueToken(request) {
      asked.push(request)
      return {
        accessKeyId: `STS.${asked.length}`,
        accessKeySecret: 'secret',
        securityToken: 'token',
        expiration: '2030-01-01T00:00:00.000Z',
      }
    },
  }
  const vod = createLocalVodService({
    oss,
    endpoint: 'http://127.0.0.1:9000',
    bucket: 'outin-1',
    region: 'cn-shanghai',
    media,
  })
  return { vod, asked }
}

const FILM = { fileName: 'film.mp4', sizeBytes: 5, ttlSeconds: undefined }

const addressOf = (answer: UploadAnswer): { Endpoint: string; Bucket: string; FileName: string } =>
  JSON.parse(Buffer.from(answer.UploadAddress, 'base64').toString('utf8'))
const authOf = (answer: UploadAnswer): { AccessKeyId: string; Expiration: string } =>
  JSON.parse(Buffer.from(answer.UploadAuth, 'base64').toString('utf8'))

describe('createUploadVideo()', () => {
  test('answers with id, address and an hour of credentials for this one object', async () => {
    const { vod, asked } = createFixture()
    const answer = await vod.createUploadVideo(FILM)
    expect(answer.VideoId).toMatch(/^[0-9a-f]{32}$/)
    expect(answer.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
    const address = addressOf(answer)
    expect(address).toMatchObject({ Endpoint: 'http://127.0.0.1:9000', Bucket: 'outin-1' })
    expect(address.FileName).toMatch(/^sv\/([0-9a-f]{7}-[0-9a-f]{11})\/\1\.mp4$/)
    expect(authOf(answer).Expiration).toBe('3600')
    expect(asked).toEqual([{ ttlSeconds: 3600, bucket: 'outin-1', keys: [address.FileName] }])
  })

  test('gives each upload an id and an object of its own', async () => {
    const { vod } = createFixture()
    const [one, other] = [await vod.createUploadVideo(FILM), await vod.createUploadVideo(FILM)]
    expect(one.VideoId).not.toBe(other.VideoId)
    expect(addressOf(one).FileName).not.toBe(addressOf(other).FileName)
  })

  test('shortens the credentials when it is told to', async () => {
    const { vod, asked } = createFixture()
    const answer = await vod.createUploadVideo({ ...FILM, ttlSeconds: 20 })
    expect(authOf(answer).Expiration).toBe('20')
    expect(asked[0]?.ttlSeconds).toBe(20)
  })
})

describe('refreshUploadVideo()', () => {
  test('answers with the same address and new credentials', async () => {
    const { vod } = createFixture()
    const created = await vod.createUploadVideo(FILM)
    const refreshed = await vod.refreshUploadVideo({ videoId: created.VideoId, ttlSeconds: 60 })
    expect(refreshed.VideoId).toBe(created.VideoId)
    expect(addressOf(refreshed)).toEqual(addressOf(created))
    expect([authOf(created), authOf(refreshed)]).toEqual([
      expect.objectContaining({ AccessKeyId: 'STS.1', Expiration: '3600' }),
      expect.objectContaining({ AccessKeyId: 'STS.2', Expiration: '60' }),
    ])
  })

  test('does not know a video that was never made, nor an image', async () => {
    const { vod } = createFixture()
    const { ImageId } = await vod.createUploadImage({ ...FILM, fileName: 'a.png' })
    for (const videoId of ['nobody', ImageId]) {
      await expect(vod.refreshUploadVideo({ videoId, ttlSeconds: undefined })).rejects.toMatchObject({
        status: 404,
        code: 'InvalidVideo.NotFound',
      })
    }
  })
})

describe('createUploadImage()', () => {
  test('answers with id, address and the URLs of the image', async () => {
    const { vod } = createFixture()
    const answer = await vod.createUploadImage({ ...FILM, fileName: 'cover.PNG' })
    const { FileName } = addressOf(answer)
    expect(answer.ImageId).toMatch(/^[0-9a-f]{32}$/)
    expect(FileName).toMatch(/^image\/default\/[0-9A-F]{16}-6-2\.png$/)
    expect(answer.FileURL).toBe(`http://127.0.0.1:9000/outin-1/${FileName}`)
    expect(answer.ImageURL).toBe(answer.FileURL)
  })
})
