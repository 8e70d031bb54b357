import { createRequire } from 'node:module'
import type OpenApi from '@alicloud/openapi-client'
import { RuntimeOptions } from '@alicloud/tea-util'
import type { VodAccount } from '../settings.ts'
import { imageExtension } from './file-extension.ts'
import { invalidParameter, VodError } from './vod-error.ts'
import type { ImageAnswer, VideoAnswer, VodService } from './vod-service.ts'

// CommonJS with a `default` of its own, which Node and bundlers take for different things when it is imported.
const openApi: typeof OpenApi = createRequire(import.meta.url)('@alicloud/openapi-client')

/** Version of the VOD OpenAPI that the actions belong to. */
const VERSION = '2017-03-21'
/** Longest `Title` that CreateUploadVideo takes, in characters. */
const MAX_TITLE_CHARS = 128

export interface OpenApiVodOptions {
  readonly account: VodAccount
  /**
   * Host of the OpenAPI.
   *
   * @defaultValue `vod.<region>.aliyuncs.com`
   */
  readonly host?: string
  /** @defaultValue 'https' */
  readonly protocol?: 'https' | 'http'
}

/**
 * The real ApsaraVideo VOD, called with the key of an account.
 *
 * VOD's own Node SDK is not on npm, so this is the generic call of the core library of Alibaba Cloud SDK V2.0, as
 * documented for that case (https://help.aliyun.com/en/sdk/developer-reference/generalized-call-node-js). The other
 * official generic client, `@alicloud/pop-core`, is of SDK V1.0 and knows no signature but HMAC-SHA1; this one signs
 * with ACS3-HMAC-SHA256.
 */
export function createOpenApiVodService(options: OpenApiVodOptions): VodService {
  const { account, protocol = 'https' } = options
  const client = new openApi.default(
    new openApi.Config({
      accessKeyId: account.accessKeyId,
      accessKeySecret: account.accessKeySecret,
      ...(account.securityToken === undefined ? {} : { securityToken: account.securityToken }),
      endpoint: options.host ?? `vod.${account.region}.aliyuncs.com`,
      protocol,
    }),
  )

  const call = async (action: string, query: Readonly<Record<string, string>>): Promise<unknown> => {
    const params = new openApi.Params({
      action,
      version: VERSION,
      protocol,
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      pathname: '/',
      reqBodyType: 'formData',
      bodyType: 'json',
    })
    const runtime = new RuntimeOptions({ autoretry: false, connectTimeout: 5000, readTimeout: 10_000 })
    try {
      const { body }: { body?: unknown } = await client.callApi(
        params,
        new openApi.OpenApiRequest({ query }),
        runtime,
      )
      return body
    } catch (error) {
      throw toVodError(error)
    }
  }

  return {
    async createUploadVideo({ fileName, sizeBytes, ttlSeconds }) {
      refuseTtl(ttlSeconds)
      const answer = await call('CreateUploadVideo', {
        FileName: fileName,
        Title: titleOf(fileName),
        ...(sizeBytes === undefined ? {} : { FileSize: String(sizeBytes) }),
      })
      return toVideoAnswer(answer)
    },
    async refreshUploadVideo({ videoId, ttlSeconds }) {
      refuseTtl(ttlSeconds)
      return toVideoAnswer(await call('RefreshUploadVideo', { VideoId: videoId }))
    },
    async createUploadImage({ fileName, ttlSeconds }) {
      refuseTtl(ttlSeconds)
      const answer = await call('CreateUploadImage', {
        ImageType: 'default',
        ImageExt: imageExtension(fileName),
        Title: titleOf(fileName),
      })
      return toImageAnswer(answer)
    },
  }
}

/** Cut between characters, never within one. */
function titleOf(fileName: string): string {
  return Array.from(fileName).slice(0, MAX_TITLE_CHARS).join('')
}

function refuseTtl(ttlSeconds: number | undefined): void {
  if (ttlSeconds !== undefined)
    throw invalidParameter('ttl', 'left out: VOD itself says how long credentials live')
}

function toVideoAnswer(answer: unknown): VideoAnswer {
  return {
    RequestId: text(answer, 'RequestId'),
    VideoId: text(answer, 'VideoId'),
    UploadAddress: text(answer, 'UploadAddress'),
    UploadAuth: text(answer, 'UploadAuth'),
  }
}

function toImageAnswer(answer: unknown): ImageAnswer {
  return {
    RequestId: text(answer, 'RequestId'),
    ImageId: text(answer, 'ImageId'),
    ImageURL: text(answer, 'ImageURL'),
    FileURL: text(answer, 'FileURL'),
    UploadAddress: text(answer, 'UploadAddress'),
    UploadAuth: text(answer, 'UploadAuth'),
  }
}

function text(answer: unknown, name: string): string {
  const value = field(answer, name)
  if (typeof value === 'string') return value
  throw new VodError(502, 'InvalidResponse', `The answer of ApsaraVideo VOD has no ${name}.`)
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

/** The client throws the OpenAPI's refusal with its JSON in `data`, and anything else when no answer came. */
function toVodError(error: unknown): VodError {
  const data = field(error, 'data')
  const status = field(data, 'statusCode')
  const code = field(data, 'Code')
  const message = field(data, 'Message')
  const requestId = field(data, 'RequestId')
  if (typeof status === 'number' && typeof code === 'string' && typeof message === 'string') {
    return new VodError(status, code, message, {
      cause: error,
      ...(typeof requestId === 'string' ? { requestId } : {}),
    })
  }
  return new VodError(503, 'ServiceUnavailable', 'ApsaraVideo VOD could not be reached.', { cause: error })
}
