import { invalidParameter, VodError } from './vod-error.ts'

/** What CreateUploadImage takes as `ImageExt`. (https://help.aliyun.com/document_detail/55619.html) */
const IMAGE_EXTENSIONS = ['png', 'jpg', 'jpeg', 'gif', 'heic', 'webp']

/**
 * Extension of a file's name, in lower case and without the dot.
 *
 * VOD wants one, and one of a media format. Any extension is taken here, so that the demo can be tried with any file.
 *
 * @throws {VodError} `InvalidFileName.Extension`
 */
export function fileExtension(fileName: string): string {
  const extension = /[^/\\]\.([a-z0-9]{1,16})$/i.exec(fileName)?.[1]
  if (extension !== undefined) return extension.toLowerCase()
  throw new VodError(
    400,
    'InvalidFileName.Extension',
    'The specified FileName has no extension that VOD knows, such as .mp4.',
  )
}

/**
 * Extension of an image's name.
 *
 * @throws {VodError} `InvalidFileName.Extension` or `InvalidParameter`
 */
export function imageExtension(fileName: string): string {
  const extension = fileExtension(fileName)
  if (IMAGE_EXTENSIONS.includes(extension)) return extension
  throw invalidParameter('ImageExt', `one of ${IMAGE_EXTENSIONS.join(', ')}`)
}
