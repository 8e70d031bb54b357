import { Agent, request as sendRequest, type IncomingHttpHeaders } from 'node:http'
import { onTestFinished } from 'vitest'
import { signV1, stringToSignV1 } from '../auth/signature-v1.ts'
import {
  canonicalRequestV4,
  effectiveAdditionalHeaders,
  scopeText,
  signV4,
  stringToSignV4,
} from '../auth/signature-v4.ts'
import type { SignedRequest } from '../auth/signed-request.ts'
import { encodePercent, encodePercentPath } from '../http/percent.ts'
import { toBasicTime, toHttpTime } from '../http/time.ts'
import { LOCAL_ACCESS_KEY } from '../options.ts'
import { BUCKET } from './running-server.ts'

/** Keys to sign with. */
export interface ClientKeys {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

/** A request before it is signed. */
export interface ClientRequest {
  readonly method: string
  readonly key?: string
  readonly bucket?: string
  /** Decoded; '' gives a bare name. */
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** An answer, read whole. */
export interface ClientAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Text of the first element of that name. */
  xml(name: string): string | undefined
  /** Texts of all elements of that name. */
  xmlAll(name: string): string[]
}

/** How a client signs. */
export interface ClientOptions {
  readonly url: string
  readonly keys?: ClientKeys
  /** @defaultValue 'v4' */
  readonly version?: 'v1' | 'v4'
  /** Epoch ms of the client's clock. */
  readonly now?: () => number
  readonly additionalHeaders?: readonly string[]
}

/** A small client that sends exactly what it is told, path and headers as they are. */
export interface TestClient {
  /** Signs in the header and sends. */
  send(request: ClientRequest): Promise<ClientAnswer>
  /** Signs in the URL. */
  presign(request: ClientRequest, lifetimeSeconds: number): string
  /** Begins an upload. @returns its id */
  initiate(key: string): Promise<string>
  putPart(key: string, uploadId: string, partNumber: number, body: string | Uint8Array): Promise<ClientAnswer>
  complete(key: string, uploadId: string, etags: Readonly<Record<number, string>>): Promise<ClientAnswer>
}

/** Creates a client; its connections end with the test. */
export function createClient(options: ClientOptions): TestClient {
  const { url, keys = LOCAL_ACCESS_KEY, version = 'v4', now = Date.now } = options
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())

  const send = (request: ClientRequest): Promise<ClientAnswer> => {
    const { method, key, bucket = BUCKET, query = {}, body } = request
    const headers = signInHeader(request, { ...options, keys, version, now })
    return sendRaw({ url, path: pathOf(bucket, key, query), method, headers, body, agent })
  }
  return {
    send,
    presign: (request, lifetimeSeconds) =>
      `${url}${signInUrl(request, lifetimeSeconds, { ...options, keys, version, now })}`,

    async initiate(key) {
      const answer = await send({ method: 'POST', key, query: { uploads: '' } })
      return answer.xml('UploadId') ?? ''
    },

    putPart: (key, uploadId, partNumber, body) =>
      send({ method: 'PUT', key, query: { partNumber: String(partNumber), uploadId }, body }),

    complete: (key, uploadId, etags) =>
      send({ method: 'POST', key, query: { uploadId }, body: completeXml(etags) }),
  }
}

/** Body of a Complete. */
export function completeXml(etags: Readonly<Record<number, string>>): string {
  const parts = Object.entries(etags).map(
    ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
  )
  return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
}

type Signing = Required<Pick<ClientOptions, 'keys' | 'version' | 'now'>> & ClientOptions

function signInHeader(request: ClientRequest, signing: Signing): Record<string, string> {
  const { keys, version, now } = signing
  const date = version === 'v1' ? toHttpTime(now()) : toBasicTime(now())
  const headers = {
    ...request.headers,
    'x-oss-date': date,
    ...(version === 'v4' && { 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' }),
    ...(keys.securityToken !== undefined && { 'x-oss-security-token': keys.securityToken }),
  }
  const signed = toSigned(request, headers, request.query ?? {})
  if (version === 'v1') {
    const signature = signV1(keys.accessKeySecret, stringToSignV1(signed, date))
    return { ...headers, authorization: `OSS ${keys.accessKeyId}:${signature}` }
  }
  const additional = effectiveAdditionalHeaders(signed, signing.additionalHeaders ?? [])
  const scope = { date: date.slice(0, 8), region: 'cn-hangzhou', product: 'oss' }
  const text = stringToSignV4(date, scope, canonicalRequestV4(signed, additional))
  const fields = [
    `Credential=${keys.accessKeyId}/${scopeText(scope)}`,
    ...(additional.length > 0 ? [`AdditionalHeaders=${additional.join(';')}`] : []),
    `Signature=${signV4(keys.accessKeySecret, scope, text)}`,
  ]
  return { ...headers, authorization: `OSS4-HMAC-SHA256 ${fields.join(',')}` }
}

function signInUrl(request: ClientRequest, lifetimeSeconds: number, signing: Signing): string {
  const { keys, version, now } = signing
  const { bucket = BUCKET, key, headers = {} } = request
  if (version === 'v1') {
    const expires = String(Math.floor(now() / 1000) + lifetimeSeconds)
    const query = {
      ...request.query,
      ...(keys.securityToken !== undefined && { 'security-token': keys.securityToken }),
    }
    const signature = signV1(keys.accessKeySecret, stringToSignV1(toSigned(request, headers, query), expires))
    return pathOf(bucket, key, {
      ...query,
      Expires: expires,
      OSSAccessKeyId: keys.accessKeyId,
      Signature: signature,
    })
  }
  const date = toBasicTime(now())
  const scope = { date: date.slice(0, 8), region: 'cn-hangzhou', product: 'oss' }
  const query = {
    ...request.query,
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${keys.accessKeyId}/${scopeText(scope)}`,
    'x-oss-date': date,
    'x-oss-expires': String(lifetimeSeconds),
    ...(keys.securityToken !== undefined && { 'x-oss-security-token': keys.securityToken }),
  }
  const canonical = canonicalRequestV4(toSigned(request, headers, query), [])
  const signature = signV4(keys.accessKeySecret, scope, stringToSignV4(date, scope, canonical))
  return pathOf(bucket, key, { ...query, 'x-oss-signature': signature })
}

function toSigned(
  { method, bucket = BUCKET, key }: ClientRequest,
  headers: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
): SignedRequest {
  return {
    method,
    bucket: bucket === '' ? undefined : bucket,
    key,
    query: Object.entries(query),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }
}

function pathOf(bucket: string, key: string | undefined, query: Readonly<Record<string, string>>): string {
  const items = Object.entries(query).map(([name, value]) =>
    value === '' ? encodePercent(name) : `${encodePercent(name)}=${encodePercent(value)}`,
  )
  const path = `/${bucket}${key === undefined ? '' : `/${encodePercentPath(key)}`}`
  return items.length === 0 ? path : `${path}?${items.join('&')}`
}

/** Sends bytes as they are. */
export function sendRaw(details: {
  readonly url: string
  readonly path: string
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  readonly agent?: Agent
}): Promise<ClientAnswer> {
  const { hostname, port } = new URL(details.url)
  const body = Buffer.from(details.body ?? '')
  const needsLength = body.length > 0 || ['PUT', 'POST'].includes(details.method)
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      {
        hostname,
        port,
        path: details.path,
        method: details.method,
        agent: details.agent,
        headers: { ...(needsLength && { 'content-length': body.length }), ...details.headers },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            xml: (name) => textsOf(text, name)[0],
            xmlAll: (name) => textsOf(text, name),
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text)
}
