/// <reference types="vite/client" />
import { createUploader } from '@sluice/core'
import type AliOss from 'ali-oss'
// As it is published, untouched by the bundler.
import sdkUrl from 'ali-oss/dist/aliyun-oss-sdk.min.js?url'

/** Where a file goes. */
export interface Target {
  readonly endpoint: string
  readonly bucket: string
  readonly key: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

/** Told how many bytes of the file the sender thinks are sent. */
export type OnProgress = (sentBytes: number) => void

/** Gets ready, and answers what sends the file. */
export type Contender = (
  file: File,
  target: Target,
  options: Readonly<Record<string, unknown>>,
  onProgress: OnProgress,
) => Promise<() => Promise<unknown>>

export const CONTENDERS: Readonly<Record<string, Contender>> = {
  async sluice(file, target, { partSizeBytes, ...options }, onProgress) {
    const uploader = createUploader({
      ...options,
      getCredentials: () => Promise.resolve({ ...target, region: 'cn-hangzhou' }),
    })
    return () => {
      const upload = uploader.upload(file, typeof partSizeBytes === 'number' ? { partSizeBytes } : {})
      upload.on('progress', ({ sentBytes }) => onProgress(sentBytes))
      return upload.result
    }
  },
  async 'ali-oss'(file, target, options, onProgress) {
    const client = await createAliOss(target)
    const progress = (share: number): void => onProgress(share * file.size)
    return () => client.multipartUpload(target.key, file, { ...options, progress })
  },
  /** One request for the whole file: what the link gives to a single connection. */
  async plain(file, target, _options, onProgress) {
    const headers = { 'Content-Type': 'application/octet-stream' }
    const client = await createAliOss(target)
    const url = client.signatureUrl(target.key, { method: 'PUT', expires: 86_400, ...headers })
    return () =>
      new Promise((resolve, reject) => {
        const xhr = new XMLHttpRequest()
        xhr.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
        xhr.addEventListener('error', () => reject(new Error('The request got no answer')))
        xhr.addEventListener('load', () =>
          xhr.status === 200 ? resolve(undefined) : reject(new Error(`${xhr.status} ${xhr.responseText}`)),
        )
        xhr.open('PUT', url)
        xhr.setRequestHeader('Content-Type', headers['Content-Type'])
        xhr.send(file)
      })
  },
}

async function createAliOss(target: Target): Promise<AliOss> {
  const script = document.createElement('script')
  script.src = sdkUrl
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve)
    script.addEventListener('error', reject)
    document.head.append(script)
  })
  const { OSS } = globalThis as unknown as { readonly OSS: typeof AliOss }
  return new OSS({ ...target, region: 'oss-cn-hangzhou' })
}
