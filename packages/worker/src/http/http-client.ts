/** A request as it goes out. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Fields of a form (`multipart/form-data`) that the body goes out in, as its file; undefined for a plain body. */
  readonly form?: Readonly<Record<string, string>>
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case; in a browser only what the bucket's CORS rule exposes. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A `Blob` that has a type goes with a request that has a Content-Type, or the browser would add one that is not signed. */
export type HttpBody = FileBytes | undefined

/** Bytes of a file: where they are, or in memory. An `ArrayBuffer` is given away: another worker that sends it takes it. */
export type FileBytes = Blob | Uint8Array<ArrayBuffer> | ArrayBuffer

export function sizeOf(bytes: FileBytes): number {
  return bytes instanceof Blob ? bytes.size : bytes.byteLength
}

export interface SendOptions {
  readonly signal: AbortSignal
  /** Longest time without any progress, up or down, in milliseconds. */
  readonly idleTimeoutMs: number
  /** Bytes of the body that have been handed to the network so far. */
  readonly onProgress?: (sentBytes: number) => void
}

/**
 * Sends one request. An effect of the engine: XMLHttpRequest in workers, which alone has upload progress, Node's
 * http in tests.
 *
 * @throws {UploadError} `NETWORK` when no answer came, `TIMEOUT` when it took too long
 * @throws `signal.reason` when aborted
 */
export type HttpClient = (request: HttpRequest, body: HttpBody, options: SendOptions) => Promise<HttpResponse>
