import type { RequestListener } from 'node:http'
import path from 'node:path'
import { createOssServer } from '@sluice/oss-server'
import type { OssServer } from '@sluice/oss-server'
import { createApi } from './http/api.ts'
import { listenOnLoopback } from './http/listen-on-loopback.ts'
import { anyOrigin, loopbackOrigin } from './http/origins.ts'
import { createPage } from './http/page.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'
import { createTrouble } from './trouble/trouble.ts'
import { createLocalVodService } from './vod/local-vod-service.ts'
import { openMediaRegistry } from './vod/media-registry.ts'
import { createOpenApiVodService } from './vod/openapi-vod-service.ts'

/** A running demo. */
export interface Demo {
  /** Where the page is. */
  readonly url: string
  close(): Promise<void>
}

/** Region of the local OSS; also the default of VOD's own tools. */
const LOCAL_REGION = 'cn-shanghai'
/** Named like VOD's own buckets. Fixed, so that objects are found again after a restart. */
const LOCAL_BUCKET = 'outin-51ce0000000000000000000000000001'

/**
 * Starts page, authorization service and, unless an account's key is set, the local OSS.
 *
 * @param pageDir folder of the built page
 * @throws {StartError} when a port is taken or the page is not built
 */
export async function startDemo(settings: Settings, pageDir: string): Promise<Demo> {
  const page = createPage(pageDir)
  const backend = await startBackend(settings)
  const handler: RequestListener = (request, response) =>
    (request.url?.startsWith('/api/') ? backend.api : page)(request, response)
  try {
    const server = await onPort('PORT', settings.port, () => listenOnLoopback(handler, settings.port))
    return {
      url: `http://localhost:${server.port}`,
      async close() {
        await Promise.all([server.close(), backend.close()])
      },
    }
  } catch (error) {
    await backend.close()
    throw error
  }
}

interface Backend {
  readonly api: RequestListener
  close(): Promise<void>
}

async function startBackend({ vod, dataDir, ossPort }: Settings): Promise<Backend> {
  // The message alone: an error may carry the request that it is about.
  const onDefect = (error: unknown): void =>
    console.error(error instanceof Error ? `${error.name}: ${error.message}` : 'Unknown error')

  if (vod.kind === 'openapi') {
    return {
      api: createApi({
        vod: createOpenApiVodService({ account: vod }),
        trouble: undefined,
        hostId: `vod.${vod.region}.aliyuncs.com`,
        allowsOrigin: loopbackOrigin,
        onDefect,
      }),
      close: async () => {},
    }
  }

  const media = await openMediaRegistry(path.join(dataDir, 'media.jsonl'))
  const oss = await onPort('OSS_PORT', ossPort, () => startOss(path.join(dataDir, 'oss'), ossPort))
  return {
    api: createApi({
      vod: createLocalVodService({
        oss,
        // An address and no name: clients put the bucket before a name, and few but browsers resolve
        // `<bucket>.localhost`.
        endpoint: oss.url,
        bucket: LOCAL_BUCKET,
        region: LOCAL_REGION,
        media,
      }),
      trouble: createTrouble(oss),
      hostId: `vod.${LOCAL_REGION}.aliyuncs.com`,
      allowsOrigin: anyOrigin,
      onDefect,
    }),
    close: () => oss.close(),
  }
}

function startOss(dir: string, port: number): Promise<OssServer> {
  return createOssServer({
    dir,
    port,
    host: '127.0.0.1',
    region: LOCAL_REGION,
    buckets: { [LOCAL_BUCKET]: {} },
  })
}

/** Turns the system's word for a port that cannot be had into one that helps. */
async function onPort<T>(variable: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} is in use: set ${variable} to a free one`, { cause: error })
    }
    if (code === 'EACCES') {
      throw new StartError(`Port ${port} is not allowed here: set ${variable} to another one`, {
        cause: error,
      })
    }
    throw error
  }
}
