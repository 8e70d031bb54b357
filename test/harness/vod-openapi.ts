import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OssServer } from '@sluice/oss-server'
import { toUploadAddress, toUploadAuth } from '../../packages/demo/server/vod/upload-payloads.ts'
import type { StsToken, VodApiCall } from './oss-fixture-api.ts'

/** Life of the credentials that VOD gives. */
const UPLOAD_TTL_SECONDS = 3600

/** Media types by the operation that makes one of it: its id's name, and the folder of its objects. */
const CREATED: Readonly<Record<string, readonly [idName: string, folder: string]>> = {
  CreateUploadVideo: ['VideoId', 'sv'],
  CreateUploadImage: ['ImageId', 'image/default'],
  CreateUploadAttachedMedia: ['MediaId', 'attached'],
}

interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** A stand-in for the OpenAPI of ApsaraVideo VOD: RPC style, GET, with CORS, for tokens of STS that it has issued. */
export interface VodOpenApi {
  issueToken(): StsToken
  /** From now on the token is one that has ended. */
  endToken(accessKeyId: string): void
  /** What was asked with a token, in order; secrets and the signature are left out. */
  calls(accessKeyId: string): readonly VodApiCall[]
  /** Deletes a video. */
  deleteVideo(videoId: string): void
  answer(request: IncomingMessage, response: ServerResponse): void
}

export function createVodOpenApi(server: OssServer, bucket: string, region: string): VodOpenApi {
  const secrets = new Map<string, StsToken>()
  const ended = new Set<string>()
  const calls = new Map<string, VodApiCall[]>()
  const videos = new Map<string, string>()
  const nonces = new Set<string>()

  const authorize = (key: string): Readonly<Record<string, string>> => ({
    RequestId: randomUUID().toUpperCase(),
    UploadAddress: toUploadAddress({ endpoint: `http://127.0.0.1:${server.port}`, bucket, key }),
    UploadAuth: toUploadAuth(
      server.issueToken({ ttlSeconds: UPLOAD_TTL_SECONDS, bucket, keys: [key] }),
      UPLOAD_TTL_SECONDS,
      region,
    ),
  })

  const perform = (call: VodApiCall): Readonly<Record<string, string>> | Refusal => {
    const { Action = '', VideoId = '', FileName = '', ImageExt = '', MediaExt = '' } = call
    if (Action === 'RefreshUploadVideo') {
      const key = videos.get(VideoId)
      if (key === undefined) return refusal(404, 'InvalidVideo.NotFound', 'The video does not exist.')
      return { ...authorize(key), VideoId }
    }
    const [idName, folder] = CREATED[Action] ?? []
    if (idName === undefined) return refusal(404, 'InvalidAction.NotFound', `No operation ${Action}`)
    const extension = ImageExt || MediaExt || /\.(\w+)$/.exec(FileName)?.[1]
    if (extension === undefined)
      return refusal(400, 'InvalidFileName.Extension', 'The specified FileName has no known extension.')
    const id = randomBytes(16).toString('hex')
    const key = `${folder}/${id}.${extension}`
    if (idName === 'VideoId') videos.set(id, key)
    return { ...authorize(key), [idName]: id }
  }

  const check = (query: URLSearchParams): Refusal | undefined => {
    const { Signature, ...signed } = Object.fromEntries(query)
    const token = secrets.get(signed['AccessKeyId'] ?? '')
    if (token === undefined) return refusal(404, 'InvalidAccessKeyId.NotFound', 'No such access key.')
    if (signed['SecurityToken'] !== token.securityToken)
      return refusal(400, 'InvalidSecurityToken.MismatchWithAccessKey', 'The token is of another key.')
    if (Signature !== signatureOf(signed, token.accessKeySecret)) {
      // As the real one does.
      const words = 'Specified signature is not matched with our calculation. server string to sign is:'
      return refusal(400, 'SignatureDoesNotMatch', `${words}${stringToSign(signed)}`)
    }
    const { SignatureNonce: nonce = '', Timestamp = '', Version, Format, SignatureMethod } = signed
    if (nonces.has(nonce) || nonce === '') return refusal(400, 'SignatureNonceUsed', 'The nonce was used.')
    nonces.add(nonce)
    const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(Timestamp)
    if (!isDate || Math.abs(Date.parse(Timestamp) - Date.now()) > 900_000)
      return refusal(400, 'InvalidTimeStamp.Expired', 'The time stamp is no date, or off.')
    if (Version !== '2017-03-21' || Format !== 'JSON' || SignatureMethod !== 'HMAC-SHA1')
      return refusal(400, 'InvalidParameter', 'A common parameter is wrong.')
    if (ended.has(token.accessKeyId))
      return refusal(403, 'InvalidSecurityToken.Expired', 'The token has expired.')
    return undefined
  }

  return {
    issueToken() {
      const token = {
        accessKeyId: `STS.${randomBytes(8).toString('hex')}`,
        accessKeySecret: randomBytes(20).toString('hex'),
        // Characters that have to be encoded.
        securityToken: `CAIS+${randomBytes(12).toString('base64')}/=`,
      }
      secrets.set(token.accessKeyId, token)
      return token
    },
    endToken: (accessKeyId) => void ended.add(accessKeyId),
    calls: (accessKeyId) => calls.get(accessKeyId) ?? [],
    deleteVideo: (videoId) => void videos.delete(videoId),
    answer(request, response) {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams
      const { Signature: _, SecurityToken: __, ...call } = Object.fromEntries(query)
      const ofToken = calls.get(call['AccessKeyId'] ?? '') ?? []
      calls.set(call['AccessKeyId'] ?? '', [...ofToken, call])
      const outcome = check(query) ?? perform(call)
      const isRefusal = 'status' in outcome
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('content-type', 'application/json')
      response.writeHead(isRefusal ? Number(outcome.status) : 200)
      const body = isRefusal
        ? { RequestId: randomUUID(), Code: outcome.code, Message: outcome.message }
        : outcome
      response.end(JSON.stringify(body))
    },
  }
}

function refusal(status: number, code: string, message: string): Refusal {
  return { status, code, message }
}

/** The signature by Node's own means, from RFC 3986 byte by byte. */
function signatureOf(parameters: Readonly<Record<string, string>>, secret: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign(parameters)).digest('base64')
}

function stringToSign(parameters: Readonly<Record<string, string>>): string {
  const canonical = Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
    .join('&')
  return `GET&%2F&${encode(canonical)}`
}

function encode(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const char = String.fromCharCode(byte)
    return /[\w.~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}
