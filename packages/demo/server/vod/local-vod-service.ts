import { randomBytes, randomUUID } from 'node:crypto'
import { fileExtension, imageExtension } from './file-extension.ts'
import type { MediaRegistry } from './media-registry.ts'
import { imageKey, videoKey } from './object-key.ts'
import { toUploadAddress, toUploadAuth } from './upload-payloads.ts'
import type { IssuedToken } from './upload-payloads.ts'
import { VodError } from './vod-error.ts'
import type { UploadAnswer, VodService } from './vod-service.ts'

/** Credentials of VOD live an hour. (Samples of its documentation; its text says 3,000 seconds.) */
export const DEFAULT_TTL_SECONDS = 3600

/** What the local VOD needs of an OSS. */
export interface TokenIssuer {
  /** Credentials that are good for these objects of this bucket only. */
  issueToken(request: {
    readonly ttlSeconds: number
    readonly bucket: string
    readonly keys: readonly string[]
  }): IssuedToken
}

export interface LocalVodOptions {
  readonly oss: TokenIssuer
  /** URL of the OSS without the bucket. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly media: MediaRegistry
}

/** VOD's upload operations against a local OSS. */
export function createLocalVodService(options: LocalVodOptions): VodService {
  const { oss, endpoint, bucket, region, media } = options

  const authorize = (key: string, ttlSeconds: number = DEFAULT_TTL_SECONDS): UploadAnswer => ({
    RequestId: randomUUID().toUpperCase(),
    UploadAddress: toUploadAddress({ endpoint, bucket, key }),
    UploadAuth: toUploadAuth(oss.issueToken({ ttlSeconds, bucket, keys: [key] }), ttlSeconds, region),
  })

  return {
    async createUploadVideo({ fileName, ttlSeconds }) {
      const key = videoKey(fileExtension(fileName), Date.now(), randomHex())
      const mediaId = randomHex()
      await media.add({ mediaId, kind: 'video', key })
      return { ...authorize(key, ttlSeconds), VideoId: mediaId }
    },
    async refreshUploadVideo({ videoId, ttlSeconds }) {
      const video = media.find(videoId)
      if (video?.kind !== 'video') {
        throw new VodError(404, 'InvalidVideo.NotFound', 'The specified video does not exist.')
      }
      return { ...authorize(video.key, ttlSeconds), VideoId: videoId }
    },
    async createUploadImage({ fileName, ttlSeconds }) {
      const key = imageKey(imageExtension(fileName), randomHex())
      const mediaId = randomHex()
      await media.add({ mediaId, kind: 'image', key })
      const url = `${endpoint}/${bucket}/${key}`
      return { ...authorize(key, ttlSeconds), ImageId: mediaId, ImageURL: url, FileURL: url }
    },
  }
}

function randomHex(): string {
  return randomBytes(16).toString('hex')
}
