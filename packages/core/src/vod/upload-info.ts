/** Where a file of the list stands; the words of `AliyunUpload.Vod`, its spelling included. */
export type FileState = 'Ready' | 'Uploading' | 'Success' | 'Failure' | 'Canceled' | 'Stoped'

/** A file of the list, as callbacks get it. */
export interface UploadInfo {
  readonly file: File
  /** Whether its name ends like that of an image that VOD takes: CreateUploadImage is to be called for it. */
  readonly isImage: boolean
  /** The `Vod` object of the JSON that was given to `addFile()`. */
  readonly videoInfo: Readonly<Record<string, unknown>>
  /** That JSON, as Base64; empty where none was given. */
  readonly userData: string
  /** A name of this upload for logs. */
  readonly ri: string
  state: FileState
  /** Known once the application has given it: from then on RefreshUploadVideo is to be called. */
  videoId: string | undefined
  endpoint: string | undefined
  bucket: string | undefined
  object: string | undefined
  region: string | undefined
  /** How much is sent, 0 to 1. */
  loaded: number
}

/** What `addFile()` was given beside the file. */
export interface UploadTarget {
  readonly endpoint: string | undefined
  readonly bucket: string | undefined
  readonly object: string | undefined
}

/** Image types of VOD. (API reference, CreateUploadImage, `ImageExt`) */
const IMAGE = /\.(png|jpe?g|gif)$/i

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
    isImage: IMAGE.test(file.name),
    videoInfo: isRecord(parsed) && isRecord(parsed['Vod']) ? parsed['Vod'] : {},
    userData: userData === undefined ? '' : toBase64(userData),
    ri: createName(),
    state: 'Ready',
    videoId: undefined,
    endpoint,
    bucket,
    object,
    region,
    loaded: 0,
  }
}

/** `crypto.randomUUID` is for secure contexts only. */
function createName(): string {
  const words = crypto.getRandomValues(new Uint32Array(4))
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('-')
}

function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
