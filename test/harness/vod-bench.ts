import { expect, inject } from 'vitest'
import { AliyunUpload } from '../../packages/core/src/vod/index.ts'
import type { UploadInfo, Vod, VodOptions } from '../../packages/core/src/vod/index.ts'
import { randomFile, sha256 } from './browser-files.ts'
import { connectOssFixture } from './oss-fixture-client.ts'
import type { OssFixtureApi } from './oss-fixture-api.ts'

export const MIB: number = 1024 ** 2

export const oss: OssFixtureApi = connectOssFixture(inject('ossFixtureUrl'))

/** What an application's server gets from VOD for a file: here an object of the file's own name, or another. */
export async function authorize(key: string): Promise<{ readonly auth: string; readonly address: string }> {
  const { accessKeyId, accessKeySecret, securityToken, endpoint, bucket, region } = await oss.credentials({
    key,
  })
  return {
    auth: btoa(
      JSON.stringify({
        AccessKeyId: accessKeyId,
        AccessKeySecret: accessKeySecret,
        SecurityToken: securityToken,
        Expiration: '3600',
        Region: region,
      }),
    ),
    address: btoa(JSON.stringify({ Endpoint: endpoint, Bucket: bucket, FileName: key })),
  }
}

let lastId = 0

/** Files of random bytes with names of their own. */
export function files(...sizes: readonly number[]): readonly File[] {
  return sizes.map((size) => randomNamed(size, 'mp4'))
}

export function randomNamed(size: number, extension: string): File {
  lastId += 1
  return new File([randomFile(size)], `vod-${performance.now()}-${lastId}.${extension}`)
}

export interface Trace {
  readonly uploader: Vod
  /** Callbacks with the place of the file in the list, in order; progress is left out. */
  readonly calls: readonly string[]
  readonly progress: readonly (readonly [total: number, ratio: number])[]
  /** Resolves when the list has come to its end. */
  readonly end: Promise<void>
}

/** The documentation's own code, with a trace of its callbacks. Files are added, and not started. */
export function createTrace(
  list: readonly File[],
  options: VodOptions = {},
  userData = '{"Vod":{"Title":"A title"}}',
): Trace {
  const calls: string[] = []
  const progress: (readonly [number, number])[] = []
  let onEnd: () => void
  const end = new Promise<void>((resolve) => {
    onEnd = resolve
  })
  const note = (name: string, info: UploadInfo, ...more: readonly string[]): void =>
    void calls.push([name, list.indexOf(info.file), info.state, ...more].join(' '))
  const uploader: Vod = new AliyunUpload.Vod({
    userId: '122',
    partSize: MIB,
    parallel: 5,
    retryCount: 3,
    retryDuration: 2,
    addFileSuccess: (info) => note('addFileSuccess', info),
    async onUploadstarted(info) {
      note('onUploadstarted', info, info.videoId ?? 'new')
      const { auth, address } = await authorize(info.file.name)
      uploader.setUploadAuthAndAddress(info, auth, address, info.videoId ?? `video-${info.file.name}`)
    },
    onUploadSucceed: (info) => note('onUploadSucceed', info),
    onUploadFailed: (info, code) => note('onUploadFailed', info, code),
    onUploadProgress: (_, totalSize, loadedPercent) => void progress.push([totalSize, loadedPercent]),
    async onUploadTokenExpired(info) {
      note('onUploadTokenExpired', info)
      uploader.resumeUploadWithAuth((await authorize(info.file.name)).auth)
    },
    onUploadCanceled: (info) => note('onUploadCanceled', info),
    onUploadEnd: () => {
      calls.push('onUploadEnd')
      onEnd()
    },
    ...options,
  })
  for (const file of list) uploader.addFile(file, null, null, null, userData)
  return { uploader, calls, progress, end }
}

/** Waits, frame by frame, until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => requestAnimationFrame(resolve))
}

/** Slows parts down to what leaves time to act while they are sent. */
export function slowDown(): Promise<void> {
  return oss.orderFault({ kind: 'bandwidth', op: 'UploadPart', bytesPerSecond: 2 * MIB, times: 'always' })
}

export async function expectStored(file: File, key: string = file.name): Promise<void> {
  expect(await oss.stored({ key })).toMatchObject({ sha256: await sha256(file) })
}
