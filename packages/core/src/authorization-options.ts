import type { CredentialsReason, RequestToSign } from '@sluice/worker/protocol'

/** What the application is told of an upload that it is asked about. */
export interface AuthorizationContext {
  /** The file that was handed to `upload()`; for `discard()`, which has none, an empty one. */
  readonly file: Blob
  /** Name of the file; the `name` option of `upload()` where the file is a `Blob` without one. */
  readonly name: string
  /** The `VideoId`, `ImageId` or `MediaId` of the first answer; undefined for `create`, and where none came. */
  readonly mediaId: string | undefined
  /** Aborted when the upload is paused or canceled meanwhile, and when the time limit is over. */
  readonly signal: AbortSignal
}

/** What `getCredentials` is told. */
export interface GetCredentialsContext extends AuthorizationContext {
  /**
   * Why it is called.
   *
   * - `create`: for a new upload (CreateUploadVideo, CreateUploadImage, CreateUploadAttachedMedia).
   * - `resume`: for an upload that an earlier page began: ask for the same media by `mediaId` (RefreshUploadVideo), or
   *   for the same bucket and key.
   * - `refresh`: the credentials of this upload end soon, or have ended: the same as for `resume`. Images, attached media
   *   and forms have no refresh: new ones begin the upload anew.
   */
  readonly reason: CredentialsReason
}

/** Where an object goes. */
export interface OssPlace {
  /** Name of the bucket. */
  readonly bucket: string
  /** Name of the object: 1 to 1023 bytes of UTF-8, not starting with a slash. */
  readonly key: string
  /**
   * Region id such as `cn-shanghai`.
   *
   * @defaultValue what the endpoint tells; must be given where it tells none
   */
  readonly region?: string
  /**
   * URL of the service without the bucket; for transfer acceleration `https://oss-accelerate.aliyuncs.com`, with the
   * bucket's `region`.
   *
   * @defaultValue `https://oss-<region>.aliyuncs.com`
   */
  readonly endpoint?: string
  /**
   * Takes the endpoint's host as it is: a domain that is bound to the bucket.
   *
   * @defaultValue false
   */
  readonly cname?: boolean
}

/**
 * Plain credentials for one object of one bucket.
 *
 * The bucket's CORS rule must allow the page's origin, the methods PUT, POST, GET, HEAD and DELETE and all headers,
 * and should expose `ETag`, `x-oss-hash-crc64ecma` and `x-oss-request-id`.
 */
export interface OssCredentials extends OssPlace {
  /** AccessKey ID, of STS one that begins with `STS.`. */
  readonly accessKeyId: string
  /** AccessKey secret. It stays in the memory of the workers, and is never stored, logged or shown. */
  readonly accessKeySecret: string
  /**
   * Comes with temporary credentials of STS, which alone should ever reach a browser.
   *
   * @defaultValue none, for keys that have no end
   */
  readonly securityToken?: string
  /**
   * When they end: an ISO date, as STS answers it, or seconds from now.
   *
   * @defaultValue not known: they are renewed when OSS refuses them
   */
  readonly expiration?: string | number
}

/**
 * A signed form (PostObject) for one object: no key is in the browser, but the file is sent in one request, up to
 * 5 GiB, and from the beginning after an interruption. For small files.
 */
export interface OssForm extends OssPlace {
  /**
   * Fields of the form as the application's server signed them: `policy` (Base64), and with signature V4
   * `x-oss-signature-version`, `x-oss-credential`, `x-oss-date`, `x-oss-signature` and `x-oss-security-token`, with V1
   * `OSSAccessKeyId`, `Signature` and `x-oss-security-token`. `key` and `file` are put to them, and what the options of
   * `upload()` say beyond them.
   */
  readonly form: Readonly<Record<string, string>>
}

/**
 * The answer of ApsaraVideo VOD's OpenAPI as it is: CreateUploadVideo, CreateUploadImage,
 * CreateUploadAttachedMedia. The first letters of the names may have any case.
 */
export interface VodCredentials {
  /** Base64 of JSON: the credentials. */
  readonly UploadAuth: string
  /** Base64 of JSON: endpoint, bucket and key. */
  readonly UploadAddress: string
  /**
   * Of CreateUploadVideo.
   *
   * @defaultValue none
   */
  readonly VideoId?: string
  /**
   * Of CreateUploadImage.
   *
   * @defaultValue none
   */
  readonly ImageId?: string
  /**
   * Of CreateUploadAttachedMedia.
   *
   * @defaultValue none
   */
  readonly MediaId?: string
}

/**
 * Asks the application's server for credentials. Called in the page.
 *
 * With reason `resume` it may answer `null`: the media is gone (deleted in the console, say); the upload begins anew.
 *
 * Answers {@link VodCredentials}, {@link OssCredentials} or {@link OssForm}; the type is open, since it is mostly the
 * JSON of a server, and what is wrong with it is said by a `CREDENTIALS_INVALID` error that names the field.
 */
export type GetCredentials = (context: GetCredentialsContext) => Promise<unknown>

/** What `getDestination` is told. */
export interface GetDestinationContext extends AuthorizationContext {
  /** `create` for a new upload, `resume` for one that an earlier page began: answer the same bucket and key then. */
  readonly reason: Exclude<CredentialsReason, 'refresh'>
}

/**
 * Asks the application's server where an upload goes whose requests it signs: an {@link OssPlace}, and a `mediaId` if it
 * wants one back. With reason `resume` it may answer `null`: the upload begins anew.
 */
export type GetDestination = (context: GetDestinationContext) => Promise<unknown>

/** A signed request: its URL, or with it headers to send beside the request's own. */
export type SignedRequest =
  | string
  | {
      /** URL to send the request to, signature included or not. */
      readonly url: string
      /**
       * Headers beside the request's own, such as `authorization`.
       *
       * @defaultValue none
       */
      readonly headers?: Readonly<Record<string, string>>
    }

/** What `signRequest` is told. */
export interface SignRequestContext extends AuthorizationContext {
  /** What is to be signed. */
  readonly request: RequestToSign
}

/** What `signRequests` is told. */
export interface SignRequestsContext extends AuthorizationContext {
  /** What is to be signed, one to ten. */
  readonly requests: readonly RequestToSign[]
}

/** The page gets temporary keys, and signs. */
export interface CredentialsAuthorization {
  /** Where credentials come from; one set for each upload. */
  readonly getCredentials: GetCredentials
  /** Excluded by `getCredentials`. */
  readonly getDestination?: never
  /** Excluded by `getCredentials`. */
  readonly signRequest?: never
  /** Excluded by `getCredentials`. */
  readonly signRequests?: never
}

/**
 * The application's server signs each request, so that no key reaches the browser. Give one of `signRequest` and
 * `signRequests`.
 *
 * The server must see to it that the user may write the key that it signs for: a page can ask for any.
 */
export interface SignatureAuthorization {
  /** Excluded by `getDestination`. */
  readonly getCredentials?: never
  /** Where the upload goes. */
  readonly getDestination: GetDestination
  /**
   * Signs one request. Asked for each part just before it is sent; a URL that has ended is asked for again.
   *
   * @example
   * ```ts
   * signRequest: async ({ request, signal }) =>
   *   (await fetch('/api/sign', { method: 'POST', body: JSON.stringify(request), signal })).text()
   * ```
   *
   * @defaultValue `signRequests` signs
   */
  readonly signRequest?: (context: SignRequestContext) => Promise<SignedRequest>
  /**
   * Signs up to ten requests at a time, those of the next parts in advance; answers in the same order.
   *
   * @defaultValue `signRequest` signs
   */
  readonly signRequests?: (context: SignRequestsContext) => Promise<readonly SignedRequest[]>
}

/** How requests are authorized: by keys in the page, or by signatures of the application's server. */
export type AuthorizationOptions = CredentialsAuthorization | SignatureAuthorization
