/// <reference types="vite/client" />
import type { AliyunUpload } from '@sluice/core/vod'
// As they are published, untouched by the bundler.
import ossUrl from 'ali-oss/dist/aliyun-oss-sdk.min.js?url'
import incumbentUrl from 'aliyun-upload-vod/dist/aliyun-upload-vod.min.js?url'

/** Ways to the class that the page uses, by name. */
export const SDKS: Readonly<Record<string, () => Promise<typeof AliyunUpload>>> = {
  async incumbent() {
    await loadScript(ossUrl)
    const { OSS } = globalThis as unknown as { readonly OSS: unknown }
    // The script that VOD's documentation names looks for `OSS`; the package's build for the name of a package.
    Object.assign(globalThis, { 'ali-oss': OSS })
    await loadScript(incumbentUrl)
    return (globalThis as unknown as { readonly AliyunUpload: typeof AliyunUpload }).AliyunUpload
  },
  async here() {
    return (await import('@sluice/core/vod')).AliyunUpload
  },
}

function loadScript(url: string): Promise<unknown> {
  const script = document.createElement('script')
  script.src = url
  const loaded = new Promise((resolve, reject) => {
    script.addEventListener('load', resolve)
    script.addEventListener('error', () => reject(new Error(`${url} was not loaded`)))
  })
  document.head.append(script)
  return loaded
}
