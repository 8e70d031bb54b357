import { toBase64 } from './base64.ts'

/**
 * Where a file of the list stands; the words of `AliyunUpload.Vod`, its spelling included. `Paused` is of `pauseFile()`,
 * which it does not have: the word is that of VOD's SDKs for phones.
 */
export type FileState = 'Ready' | 'Uploading' | 'Success' | 'Failure' | 'Canceled' | 'Stoped' | 'Paused'

/** A file of the list, as callbacks get it. */
export interface UploadInfo {
  /** The file. */
  readonly file: File
  /** Whether its name ends like that of an image that VOD takes: CreateUploadImage is to be called for it. */
  readonly isImage: boolean
  /** The `Vod` object of the JSON that was given to `addFile()`. */
  readonly videoInfo: Readonly<Record<string, unknown>>
  /** That JSON, as Base64; empty where none was given. */
  readonly userData: string
  /** A name of this upload for logs. */
  readonly ri: string
  /** The endpoint that was given to `addFile()`; goes before what the upload address says. */
  readonly _endpoint: string | undefined
  /** The bucket that was given to `addFile()`. */
  readonly _bucket: string | undefined
  /** The name of the object that was given to `addFile()`. */
  readonly _object: string | undefined
  /** Where it stands. */
  state: FileState
  /**
   * Known once the application has given it: from then on RefreshUploadVideo is to be called. Media that have no refresh
   * (images, attached media) lose it when their credentials end, since they begin anew as others.
   */
  videoId: string | undefined
  /** Endpoint that it goes to; undefined before its credentials have come. */
  endpoint: string | undefined
  /** Bucket that it goes to; undefined before its credentials have come. */
  bucket: string | undefined
  /** Name of the object; undefined before its credentials have come. */
  object: string | undefined
  /** Region of VOD. */
  region: string
  /** How much is sent, 0 to 1. */
  loaded: number
}

/** What `addFile()` was given beside the file. */
export interface UploadTarget {
  readonly endpoint: string | undefined
  readonly bucket: string | undefined
  readonly object: string | undefined
}

/** What VOD takes it for. Images and attached media cannot be refreshed: they begin anew when their credentials end. */
export type MediaKind = 'video' | 'image' | 'attached'

/** Image types of VOD. (CreateUploadImage, `ImageExt`: https://help.aliyun.com/document_detail/55619.html) */
const IMAGE = /\.(png|jpe?g|gif|heic|webp)$/i

/** Whether VOD takes a file of this name for an image. */
export function isImageName(name: string): boolean {
  return IMAGE.test(name)
}

/** Audio counts as video. `BusinessType` is what CreateUploadAttachedMedia alone has. */
export function mediaKind({ isImage, videoInfo }: UploadInfo): MediaKind {
  if (typeof videoInfo['BusinessType'] === 'string') return 'attached'
  return isImage ? 'image' : 'video'
}

/** @throws {SyntaxError} when `userData` is no JSON */
export function createUploadInfo(
  file: File,
  { endpoint, bucket, object }: UploadTarget,
  userData: string | undefined,
  region: string,
): UploadInfo {
  const parsed: unknown = userData === undefined || userData === '' ? {} : JSON.parse(userData)
  return {
    file,
    isImage: isImageName(file.name),
    videoInfo: isRecord(parsed) && isRecord(parsed['Vod']) ? parsed['Vod'] : {},
    userData: userData === undefined ? '' : toBase64(userData),
    ri: createName(),
    _endpoint: endpoint,
    _bucket: bucket,
    _object: object,
    state: 'Ready',
    videoId: undefined,
    endpoint: undefined,
    bucket: undefined,
    object: undefined,
    region,
    loaded: 0,
  }
}

/** A random name. `crypto.randomUUID` is for secure contexts only. */
export function createName(): string {
  const words = crypto.getRandomValues(new Uint32Array(4))
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('-')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
