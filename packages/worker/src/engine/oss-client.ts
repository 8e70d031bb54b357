import type { CredentialSource, Grant } from '../credentials/credential-source.ts'
import type { HttpBody, HttpRequest, HttpResponse } from '../http/http-client.ts'
import { readError } from '../oss/answers.ts'
import { objectUrl, originOf } from '../oss/endpoint.ts'
import type { OssRequest } from '../oss/oss-request.ts'
import { remedyFor } from '../oss/remedy.ts'
import type { RetryPolicy } from '../retry/retry-policy.ts'
import { withRetries } from '../retry/with-retries.ts'
import type { ConnectionBudget, Release } from './connection-budget.ts'
import type { Authorization } from '../credentials/read-authorization.ts'
import type { EnginePorts, PartAnswer } from './ports.ts'
import type { ServerClock } from './server-clock.ts'

/**
 * How often one request is sent again with newer credentials or a corrected clock. None of these is an attempt of the
 * request: nothing was wrong with what was sent. Who refuses fresh credentials this often means something else.
 */
const MAX_REMEDIES = 3

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

/** An answer, and the authorization that its request was signed with: where it went, and for which media. */
export interface Sent {
  readonly response: HttpResponse
  readonly authorization: Authorization
}

/** Makes a request for the key that the upload goes to. */
export type RequestFor = (key: string) => OssRequest

/**
 * Talks to OSS for one upload: signs with the credentials of the moment, waits for a connection, sends, and turns
 * refusals into errors. Expired credentials and a wrong clock are mended on the way.
 */
export interface OssClient {
  /** Attempts a request as often as the policy says. @throws {ServiceError} when the status is none of success */
  call(requestFor: RequestFor, body: HttpBody, options: CallOptions): Promise<Sent>
  /** Waits for a connection for a part. What is sent with it is signed then, not before the wait. */
  acquirePart(signal: AbortSignal): Promise<Release>
  /** Sends file bytes once, over a connection that was acquired. @throws {ServiceError} when the status is none of success */
  sendBlob(requestFor: RequestFor, blob: Blob, options: SendBlobOptions): Promise<PartAnswer & Sent>
}

export interface OssClientOptions {
  readonly owner: string
  readonly credentials: CredentialSource
  readonly budget: ConnectionBudget
  readonly serverClock: ServerClock
  readonly ports: Pick<EnginePorts, 'http' | 'partUploader' | 'clock' | 'random'>
  readonly retryPolicy: RetryPolicy
}

export function createOssClient({
  owner,
  credentials,
  budget,
  serverClock,
  ports,
  retryPolicy,
}: OssClientOptions): OssClient {
  const signed = async ({ authorization, signer }: Grant, requestFor: RequestFor): Promise<HttpRequest> => {
    const { destination } = authorization
    const request = requestFor(destination.key)
    const date = new Date(serverClock.now())
    return {
      method: request.method,
      url: objectUrl(destination, request.query),
      headers: await signer.signHeaders({ ...request, bucket: destination.bucket }, date),
    }
  }

  /** Sends until the answer is not one that newer credentials or a right clock mend. */
  const sendMended = async <T extends { readonly response: HttpResponse }>(
    requestFor: RequestFor,
    { what, signal }: CallOptions,
    send: (request: HttpRequest) => Promise<T>,
  ): Promise<T & Sent> => {
    for (let remedies = 0; ; remedies++) {
      const grant = await credentials.current(signal)
      const answer = await send(await signed(grant, requestFor))
      // 203 counts as success: the object is stored, only the callback to the application's server failed.
      if (answer.response.status >= 200 && answer.response.status < 300) {
        return { ...answer, authorization: grant.authorization }
      }
      const error = readError(what, answer.response)
      const isTemporary = grant.authorization.credentials.securityToken !== undefined
      const remedy = remedies < MAX_REMEDIES ? remedyFor(error, isTemporary) : 'none'
      if (remedy === 'none') throw error
      if (remedy === 'renew-credentials') await credentials.renew(grant, signal)
      else if (error.serverTimeMs !== undefined) serverClock.correct(error.serverTimeMs)
    }
  }

  const acquire = async (kind: 'control' | 'part', signal: AbortSignal): Promise<Release> => {
    const { authorization } = await credentials.current(signal)
    return budget.acquire({ origin: originOf(authorization.destination), owner, kind }, signal)
  }

  return {
    acquirePart: (signal) => acquire('part', signal),
    call: (requestFor, body, options) =>
      withRetries(retryPolicy, ports, options.signal, async () => {
        const release = await acquire('control', options.signal)
        try {
          return await sendMended(requestFor, options, async (request) => ({
            response: await ports.http(request, body, options),
          }))
        } finally {
          release()
        }
      }),
    async sendBlob(requestFor, blob, options) {
      const { signal, idleTimeoutMs, onProgress } = options
      return sendMended(requestFor, options, (request) =>
        ports.partUploader.send({ request, body: blob, idleTimeoutMs }, { signal, onProgress }),
      )
    },
  }
}
