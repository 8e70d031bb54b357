/**
 * The three operations of ApsaraVideo VOD that uploads need. Answers have the OpenAPI's own field names, so that a page
 * may get them as they are. (https://www.alibabacloud.com/help/doc-detail/55407.htm, version 2017-03-21)
 */
export interface VodService {
  /**
   * Makes a new video and says where to upload it and with which credentials.
   *
   * @throws {VodError}
   */
  createUploadVideo(request: CreateRequest): Promise<VideoAnswer>
  /**
   * Makes new credentials for a video; the address stays.
   *
   * @throws {VodError} `InvalidVideo.NotFound` when there is no such video; images cannot be refreshed
   */
  refreshUploadVideo(request: RefreshRequest): Promise<VideoAnswer>
  /**
   * Makes a new image and says where to upload it and with which credentials.
   *
   * @throws {VodError}
   */
  createUploadImage(request: CreateRequest): Promise<ImageAnswer>
}

/** A new video or image. */
export interface CreateRequest {
  /** Name of the file with its extension. */
  readonly fileName: string
  readonly sizeBytes: number | undefined
  /** Lifetime of the credentials in seconds; undefined for the service's own. */
  readonly ttlSeconds: number | undefined
}

export interface RefreshRequest {
  readonly videoId: string
  /** Lifetime of the credentials in seconds; undefined for the service's own. */
  readonly ttlSeconds: number | undefined
}

export interface UploadAnswer {
  readonly RequestId: string
  /** Base64 of JSON: `Endpoint`, `Bucket`, `FileName`. */
  readonly UploadAddress: string
  /** Base64 of JSON: the credentials. */
  readonly UploadAuth: string
}

export interface VideoAnswer extends UploadAnswer {
  readonly VideoId: string
}

export interface ImageAnswer extends UploadAnswer {
  readonly ImageId: string
  readonly ImageURL: string
  readonly FileURL: string
}
