import type { HttpBody, HttpResponse } from '../http/http-client.ts'
import { readError } from '../oss/answers.ts'
import { objectUrl, originOf } from '../oss/endpoint.ts'
import type { Destination } from '../oss/endpoint.ts'
import type { OssRequest } from '../oss/oss-request.ts'
import type { Signer } from '../oss/sign/signer.ts'
import type { HttpRequest } from '../http/http-client.ts'
import type { ConnectionBudget, Release } from './connection-budget.ts'
import type { EnginePorts, PartAnswer } from './ports.ts'

export interface CallOptions {
  /** Operation and thing for error messages, such as `PUT part 7 of 42`. */
  readonly what: string
  readonly signal: AbortSignal
  /** Longest time without progress, in milliseconds. */
  readonly idleTimeoutMs: number
}

export interface SendBlobOptions extends CallOptions {
  readonly onProgress: (sentBytes: number) => void
}

/** Talks to OSS for one upload: signs, waits for a connection, sends, and turns refusals into errors. */
export interface OssClient {
  readonly destination: Destination
  /** @throws {ServiceError} when the status is none of success */
  call(request: OssRequest, body: HttpBody, options: CallOptions): Promise<HttpResponse>
  /** Waits for a connection for a part. What is sent with it is signed then, not before the wait. */
  acquirePart(signal: AbortSignal): Promise<Release>
  /** Sends file bytes over a connection that was acquired. @throws {ServiceError} when the status is none of success */
  sendBlob(request: OssRequest, blob: Blob, options: SendBlobOptions): Promise<PartAnswer>
}

export function createOssClient(
  owner: string,
  destination: Destination,
  signer: Signer,
  budget: ConnectionBudget,
  ports: Pick<EnginePorts, 'http' | 'partUploader' | 'clock'>,
): OssClient {
  const origin = originOf(destination)

  const signed = async (request: OssRequest): Promise<HttpRequest> => ({
    method: request.method,
    url: objectUrl(destination, request.query),
    headers: await signer.signHeaders(
      { ...request, bucket: destination.bucket },
      new Date(ports.clock.now()),
    ),
  })

  return {
    destination,
    async call(request, body, { what, signal, idleTimeoutMs }) {
      const release = await budget.acquire({ origin, owner, kind: 'control' }, signal)
      try {
        const response = await ports.http(await signed(request), body, { signal, idleTimeoutMs })
        return expectSuccess(what, response)
      } finally {
        release()
      }
    },
    acquirePart: (signal) => budget.acquire({ origin, owner, kind: 'part' }, signal),
    async sendBlob(request, blob, { what, signal, idleTimeoutMs, onProgress }) {
      const task = { request: await signed(request), body: blob, idleTimeoutMs }
      const answer = await ports.partUploader.send(task, { signal, onProgress })
      expectSuccess(what, answer.response)
      return answer
    },
  }
}

/** 203 counts as success: the object is stored, only the callback to the application's server failed. */
function expectSuccess(what: string, response: HttpResponse): HttpResponse {
  if (response.status >= 200 && response.status < 300) return response
  throw readError(what, response)
}
