import scriptUrl from 'aliyun-upload-vod/dist/aliyun-upload-vod.min.js?url'
import { loadAliOss } from './ali-oss.ts'
import { addInSteps } from './contender.ts'
import type { Contender, Destination } from './contender.ts'
import { loadScript } from './load-script.ts'

/** As much of its face as is used here. */
interface VodUploader {
  addFile(file: File, endpoint: null, bucket: null, object: null, userData: string): void
  startUpload(): void
  setUploadAuthAndAddress(info: VodFile, auth: string, address: string, mediaId: string): void
}

interface VodFile {
  readonly file: File
}

interface VodOptions {
  readonly userId: string
  readonly region: string
  readonly onUploadstarted: (info: VodFile) => void
  readonly onUploadFailed: (info: VodFile, code: string, message: string) => void
  readonly onUploadEnd: () => void
}

interface AliyunUpload {
  readonly Vod: new (options: VodOptions) => VodUploader
}

/** One file after another, since that is what it does; it is given the endpoint with its scheme, so it does not take https. */
export const ALIYUN_UPLOAD_VOD: Contender = {
  id: 'aliyun-upload-vod',
  name: 'aliyun-upload-vod, defaults',
  async prepare(jobs) {
    const { Vod } = await load()
    forgetResumePoints()
    const destinations = new Map(jobs.map(({ file, destination }) => [file, destination]))
    let failed = (_reason: Error): void => undefined
    let ended = (): void => undefined
    const uploader = new Vod({
      userId: '1',
      region: jobs[0]?.destination.region ?? 'cn-shanghai',
      onUploadstarted: (info) => {
        const destination = destinations.get(info.file)
        if (destination === undefined) failed(new Error('A file that nobody added was started'))
        else uploader.setUploadAuthAndAddress(info, authOf(destination), addressOf(destination), 'media')
      },
      onUploadFailed: (_info, code, message) => failed(new Error(`${code} ${message}`)),
      onUploadEnd: () => ended(),
    })
    return {
      send: (onAdded) =>
        new Promise<void>((resolve, reject) => {
          ended = resolve
          failed = reject
          addInSteps(jobs, ({ file }) => uploader.addFile(file, null, null, null, '{"Vod":{}}')).then(() => {
            onAdded()
            uploader.startUpload()
          }, reject)
        }),
      close: () => Promise.resolve(),
    }
  },
}

async function load(): Promise<AliyunUpload> {
  const globals: typeof globalThis & { AliyunUpload?: AliyunUpload; 'ali-oss'?: unknown } = globalThis
  if (globals.AliyunUpload === undefined) {
    // The name that its script looks for.
    globals['ali-oss'] = await loadAliOss()
    await loadScript(scriptUrl)
  }
  if (globals.AliyunUpload === undefined) throw new Error('aliyun-upload-vod left no global AliyunUpload')
  return globals.AliyunUpload
}

/** It keeps them in localStorage; of a run that was broken off they would be for an upload that is gone. */
function forgetResumePoints(): void {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith('upload_')) localStorage.removeItem(name)
  }
}

function addressOf({ endpoint, bucket, key }: Destination): string {
  return toBase64({ Endpoint: endpoint, Bucket: bucket, FileName: key })
}

function authOf({ accessKeyId, accessKeySecret, securityToken, region }: Destination): string {
  return toBase64({
    AccessKeyId: accessKeyId,
    AccessKeySecret: accessKeySecret,
    SecurityToken: securityToken ?? '',
    Expiration: '3600',
    Region: region,
  })
}

function toBase64(value: object): string {
  return btoa(JSON.stringify(value))
}
