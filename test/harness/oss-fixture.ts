import { createHash } from 'node:crypto'
import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createOssServer } from '@sluice/oss-server'
import type { RequestToSign } from '@sluice/core'
import type { OssServer } from '@sluice/oss-server'
import { openGate } from './gate.ts'
import { REGION, signForm, signUrl, signUrlAt } from './application-server.ts'
import { BUCKET, HIDING_BUCKET, READING_BUCKET, REFUSING_BUCKET, VOD_PATH } from './oss-fixture-api.ts'
import type { LoggedRequest, OssFixtureApi, StoredObject } from './oss-fixture-api.ts'
import { createVodOpenApi } from './vod-openapi.ts'

/** Bound to the bucket. */
const CNAME = 'files.localhost'

/** Requests of the browser's own, and of {@link OssFixtureApi.stored}. */
const NOT_OF_UPLOADS: ReadonlySet<string> = new Set(['Preflight', 'GetObject'])

export interface OssFixture {
  /** Where a page finds {@link OssFixtureApi}: each function is a POST to its name. */
  readonly url: string
  readonly api: OssFixtureApi
  close(): Promise<void>
}

interface RunningOss {
  readonly server: OssServer
  readonly dir: string
}

/** Starts a local OSS on a folder of its own, with a way to look behind it. */
export async function startOssFixture(): Promise<OssFixture> {
  const main = await startOss()
  const apart = await startOss()
  const gate = await openGate(main.server.port)
  const vod = createVodOpenApi(main.server, BUCKET, REGION)
  const ofServer = (isApart: boolean | undefined): RunningOss => (isApart === true ? apart : main)

  const api: OssFixtureApi = {
    async credentials({
      key,
      bucket = BUCKET,
      ttlSeconds = 3600,
      style = 'path',
      denyOperations = [],
      apart: isApart,
      gated = false,
      cname = false,
    }) {
      const { server } = ofServer(isApart)
      const token = server.issueToken({ ttlSeconds, bucket, keys: [key], denyOperations })
      const port = gated ? gate.port : server.port
      if (cname) return { bucket, key, region: REGION, endpoint: `http://${CNAME}:${port}`, cname, ...token }
      const endpoint = `http://${style === 'path' ? '127.0.0.1' : 'localhost'}:${port}`
      return { bucket, key, region: REGION, endpoint, ...token }
    },
    sign: ({ requests, expiresInSeconds = 900, agoSeconds }) => {
      const { server } = main
      if (agoSeconds === undefined)
        return Promise.all(requests.map((request) => signUrl(server, request, expiresInSeconds)))
      const date = new Date(Date.now() - agoSeconds * 1000)
      return Promise.resolve(requests.map((request) => signUrlAt(server, request, date, expiresInSeconds)))
    },
    form: ({ key, bucket = BUCKET, agoSeconds = 0 }) =>
      signForm(main.server, bucket, key, new Date(Date.now() - agoSeconds * 1000)),
    stored: ({ bucket = BUCKET, key, apart: isApart }) => readObject(ofServer(isApart).server, bucket, key),
    async openUploads({ bucket = BUCKET, key }) {
      const uploads = main.server.listUploads(bucket)
      return uploads.filter((upload) => upload.key === key).map(({ uploadId }) => uploadId)
    },
    async openParts({ key }) {
      const uploads = main.server.listUploads(BUCKET).filter((upload) => upload.key === key)
      return uploads.reduce((sum, { parts }) => sum + parts.size, 0)
    },
    async abortUploads({ bucket = BUCKET, key }) {
      for (const uploadId of await api.openUploads({ bucket, key })) {
        const response = await sendSigned(main.server, 'DELETE', bucket, key, { uploadId })
        if (!response.ok) throw new Error(`Abort: ${response.status} ${await response.text()}`)
      }
    },
    async log({ key }) {
      const text = await readFile(path.join(main.dir, 'access.jsonl'), 'utf8').catch(() => '')
      const lines = text.split('\n').filter(Boolean)
      const requests = lines.map((line) => JSON.parse(line) as LoggedRequest)
      return requests.filter((request) => request.key === key && !NOT_OF_UPLOADS.has(request.op))
    },
    async orderFault(order) {
      main.server.faults.order(order)
    },
    async clearFaults() {
      main.server.faults.clear()
    },
    async setGate({ to }) {
      if (to === 'cut') gate.cut()
      else if (to === 'swallow') gate.swallow()
      else gate.release()
    },
    async peakConnectionsApart() {
      return apart.server.openConnections.peak
    },
    async vodToken() {
      return vod.issueToken()
    },
    async endVodToken({ accessKeyId }) {
      vod.endToken(accessKeyId)
    },
    async vodCalls({ accessKeyId }) {
      return vod.calls(accessKeyId)
    },
    async deleteVideo({ videoId }) {
      vod.deleteVideo(videoId)
    },
  }

  const http = createServer((request, response) => {
    if (request.url?.startsWith(VOD_PATH) === true) return vod.answer(request, response)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const name = request.url?.slice(1) ?? ''
      response.setHeader('access-control-allow-origin', '*')
      void answer(name, Buffer.concat(chunks).toString()).then(
        (text) => response.setHeader('content-length', Buffer.byteLength(text)).end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
  })
  const answer = async (name: string, input: string): Promise<string> => {
    if (name === 'callback') return JSON.stringify({ heard: JSON.parse(input) as unknown })
    const functions: Readonly<Record<string, ((argument: never) => Promise<unknown>) | undefined>> = {
      ...api,
    }
    const call = functions[name]
    if (call === undefined) throw new Error(`The fixture has no ${name}`)
    return JSON.stringify(await call(JSON.parse(input) as never)) ?? ''
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    api,
    async close() {
      http.closeAllConnections()
      http.close()
      await gate.close()
      await Promise.all([main, apart].map(stopOss))
    },
  }
}

async function startOss(): Promise<RunningOss> {
  const dir = await mkdtemp(path.join(tmpdir(), 'sluice-oss-'))
  const server = await createOssServer({
    dir,
    port: 0,
    region: REGION,
    cnames: { [CNAME]: BUCKET },
    buckets: { [BUCKET]: {}, [HIDING_BUCKET]: {}, [REFUSING_BUCKET]: {}, [READING_BUCKET]: {} },
  })
  const all = ['PUT', 'POST', 'GET', 'HEAD', 'DELETE'] as const
  const rule = { allowedOrigins: ['*'], allowedMethods: all, allowedHeaders: ['*'], maxAgeSeconds: 0 }
  await server.setCors(HIDING_BUCKET, [{ ...rule, exposeHeaders: [] }])
  await server.setCors(REFUSING_BUCKET, [
    { ...rule, allowedOrigins: ['https://other.example'], exposeHeaders: ['ETag'] },
  ])
  await server.setCors(READING_BUCKET, [
    { ...rule, allowedMethods: ['GET', 'HEAD', 'POST'], exposeHeaders: ['ETag'] },
  ])
  return { server, dir }
}

async function stopOss({ server, dir }: RunningOss): Promise<void> {
  await server.close()
  await rm(dir, { recursive: true, force: true })
}

/** Sends a request as the owner of the account. */
async function sendSigned(
  server: OssServer,
  method: RequestToSign['method'],
  bucket: string,
  key: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const url = signUrlAt(server, { method, bucket, key, query, headers: {} }, new Date(), 60)
  return fetch(url, { method })
}

async function readObject(server: OssServer, bucket: string, key: string): Promise<StoredObject | undefined> {
  const response = await sendSigned(server, 'GET', bucket, key)
  if (response.status === 404) return undefined
  if (!response.ok || response.body === null)
    throw new Error(`GET ${key}: ${response.status} ${await response.text()}`)
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of response.body) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  const headers = Object.fromEntries(response.headers)
  return { sizeBytes, sha256: hash.digest('hex'), contentType: headers['content-type'] ?? '', headers }
}
