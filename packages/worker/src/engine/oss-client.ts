import { restOfTurnMs, trafficLimitOf } from '../adapt/pace.ts'
import type { Pace } from '../adapt/pace.ts'
import type { SendingBook, SentBody } from '../adapt/sending-book.ts'
import { NEVER } from '../clock/wait.ts'
import type { CredentialSource, Grant } from '../credentials/credential-source.ts'
import type { BodySource } from '../body/body-source.ts'
import type { HttpBody, HttpRequest, HttpResponse } from '../http/http-client.ts'
import { readError } from '../oss/answers.ts'
import { originOf } from '../oss/endpoint.ts'
import type { Destination } from '../oss/endpoint.ts'
import type { OssRequest } from '../oss/oss-request.ts'
import { remedyFor } from '../retry/remedy.ts'
import type { Remedy } from '../retry/remedy.ts'
import type { RequestKind } from '../retry/retry-policy.ts'
import type { Network } from '../network/network.ts'
import { Outlasted } from '../network/outlasted.ts'
import type { EngineSettings } from '../protocol/engine-api.ts'
import { isUploadError, UploadError } from '../protocol/errors.ts'
import type { ServiceError } from '../protocol/errors.ts'
import type { ActivityBoard } from './activity.ts'
import type { Attempts } from './attempts.ts'
import type { ConnectionBudget, Release } from './connection-budget.ts'
import type { Authorization } from '../credentials/read-authorization.ts'
import type { BodyOnItsWay } from './inspect-parts.ts'
import type { EnginePorts, PartAnswer } from './ports.ts'
import type { UploadMemory } from './send-context.ts'
import type { BodyWatch } from './body-watch.ts'
import type { ServerClock } from './server-clock.ts'

/**
 * How often one request is sent again with newer credentials or a corrected clock. None of these is an attempt of the
 * request: nothing was wrong with what was sent. Who refuses fresh credentials this often means something else.
 */
const MAX_REMEDIES = 3

export interface CallOptions {
  /** Operation and thing for error messages, such as `ListParts`. */
  readonly what: string
  readonly kind: Exclude<RequestKind, 'body'>
  /**
   * Stops waiting, and the request itself unless its kind is one that is never cut off.
   */
  readonly signal: AbortSignal
}

export interface SendBlobOptions {
  /** For error messages, such as `PUT part 7 of 42`. */
  readonly what: string
  readonly signal: AbortSignal
  /** Hears what becomes of the body, in each attempt. */
  readonly onBody: (body: BodyOnItsWay) => void
}

/** An answer, and the authorization that its request was signed with: where it went, and for which media. */
export interface Sent {
  readonly response: HttpResponse
  readonly authorization: Authorization
}

/** Makes a request for the key that the upload goes to. */
export type RequestFor = (key: string) => OssRequest

/**
 * Talks to OSS for one upload: signs with the credentials of the moment, waits for a connection, sends, attempts again
 * what may pass, and turns refusals into errors. Expired credentials and a wrong clock are mended on the way.
 */
export interface OssClient {
  /**
   * Sends a request without file bytes and reads its answer.
   *
   * @throws {ServiceError} when the status is none of success
   */
  call<T>(requestFor: RequestFor, body: HttpBody, options: CallOptions, read: (sent: Sent) => T): Promise<T>
  /** Waits for a connection for a body. What is sent with it is signed then, not before the wait. */
  acquire(signal: AbortSignal): Promise<Release>
  /**
   * Sends file bytes and has the answer accepted. Each further attempt waits for a connection of its own.
   *
   * @param connection what {@link acquire} gave, for the first attempt; it is given back
   * @param accept throws when what was stored is not what was sent
   * @throws {ServiceError} when the status is none of success
   */
  sendBody<T>(
    requestFor: RequestFor,
    body: BodySource,
    connection: Release,
    options: SendBlobOptions,
    accept: (answer: PartAnswer & Sent) => T | Promise<T>,
  ): Promise<T>
}

export interface OssClientOptions {
  readonly owner: string
  readonly memory: Pick<UploadMemory, 'origin'>
  readonly settings: Pick<
    EngineSettings,
    'stallTimeoutMs' | 'requestTimeoutMs' | 'completeTimeoutMs' | 'checksum'
  >
  readonly credentials: CredentialSource
  readonly budget: ConnectionBudget
  readonly sending: SendingBook
  readonly pace: Pace
  readonly bodyWatch: BodyWatch
  readonly serverClock: ServerClock
  readonly network: Network
  readonly activity: ActivityBoard
  readonly attempts: Attempts
  readonly ports: Pick<EnginePorts, 'http' | 'partUploader' | 'clock'>
  /** Hears of each body that the service has taken. */
  readonly onStored: (sent: Sent) => void
}

export function createOssClient({
  owner,
  memory,
  settings,
  credentials,
  budget,
  sending,
  pace,
  bodyWatch,
  serverClock,
  network,
  activity,
  attempts,
  ports,
  onStored,
}: OssClientOptions): OssClient {
  const { clock } = ports

  const destinationNow = async (signal: AbortSignal): Promise<Destination> => {
    const { destination } = (await credentials.current(signal)).authorization
    memory.origin = originOf(destination)
    return destination
  }

  /** Newer credentials mend only what expires, and a remedy that did not help a few times does not help. */
  const mendable = (error: ServiceError, grant: Grant, remedies: number): Remedy => {
    const { access } = grant.authorization
    const isTemporary = access.kind !== 'keys' || access.credentials.securityToken !== undefined
    const remedy = remedies < MAX_REMEDIES ? remedyFor(error) : 'fail'
    return remedy === 'refresh-credentials' && !isTemporary ? 'fail' : remedy
  }

  /** Sends until the answer is not one that newer credentials or a right clock mend. */
  const sendMended = async <T extends { readonly response: HttpResponse }>(
    requestFor: RequestFor,
    what: string,
    signal: AbortSignal,
    send: (request: HttpRequest) => Promise<T>,
  ): Promise<T & Sent> => {
    for (let remedies = 0; ; remedies++) {
      const grant = await credentials.current(signal)
      const request = await grant.sign(requestFor(grant.authorization.destination.key), signal)
      const answer = await activity
        .track('sending', () => send(request))
        .catch((error: unknown) => {
          throw named(what, error)
        })
      network.answered(originOf(grant.authorization.destination), request.method)
      // 203 counts as success: the object is stored, only the callback to the application's server failed.
      if (answer.response.status >= 200 && answer.response.status < 300) {
        return { ...answer, authorization: grant.authorization }
      }
      const error = readError(what, answer.response)
      const remedy = mendable(error, grant, remedies)
      if (remedy === 'refresh-credentials') await credentials.renew(grant, signal)
      else if (remedy === 'correct-clock' && error.serverTimeMs !== undefined)
        serverClock.correct(error.serverTimeMs)
      else throw error
    }
  }

  const acquire = async (signal: AbortSignal): Promise<Release> => {
    const origin = originOf(await destinationNow(signal))
    return budget.acquire({ origin, owner, kind: 'body' }, signal)
  }

  const trafficLimit = trafficLimitOf(pace)
  const paced = (requestFor: RequestFor): RequestFor =>
    trafficLimit === undefined
      ? requestFor
      : (key) => {
          const request = requestFor(key)
          return { ...request, headers: { ...request.headers, 'x-oss-traffic-limit': trafficLimit } }
        }

  /** Sends a body once, and gives its connection back when its turn is over. */
  const sendOnce = async (
    origin: string,
    requestFor: RequestFor,
    body: BodySource,
    { what, signal, onBody }: SendBlobOptions,
    release: Release,
    onRequest: (request: HttpRequest) => void,
  ): Promise<PartAnswer & Sent> => {
    const idleTimeoutMs = settings.stallTimeoutMs
    const beganAtMs = clock.now()
    let sentAtMs = beganAtMs
    let sentBytes = 0
    const onProgress = (bytes: number): void => onBody({ status: 'sending', sentBytes: bytes })
    const sent = (): SentBody => ({ sizeBytes: body.sizeBytes, sentAtMs })
    const endTurn = (): void => {
      const restMs = restOfTurnMs(pace, sentBytes, clock.now() - beganAtMs)
      if (restMs > 0) clock.after(restMs, release)
      else release()
    }
    try {
      const answer = await sendMended(requestFor, what, signal, (request) => {
        onRequest(request)
        sentAtMs = clock.now()
        return bodyWatch.send({ origin, signal, onProgress }, async (stop, onMove) =>
          ports.partUploader.send(
            { request, body: await body.open(stop), idleTimeoutMs, checksum: settings.checksum },
            {
              signal: stop,
              onProgress: (bytes) => {
                sentBytes = bytes
                onMove(bytes)
              },
            },
          ),
        )
      })
      sentBytes = body.sizeBytes
      sending.stored(origin, sent(), clock.now())
      onStored(answer)
      return answer
    } catch (error) {
      onBody({ status: 'retrying' })
      sending.failed(origin, sent(), error, clock.now())
      throw error
    } finally {
      endTurn()
    }
  }

  const timeoutOf = (kind: CallOptions['kind']): number =>
    kind === 'complete' ? settings.completeTimeoutMs : settings.requestTimeoutMs

  return {
    acquire,
    async call(requestFor, body, { what, kind, signal }, read) {
      const isCutOff = kind !== 'open' && kind !== 'complete'
      const options = { signal: isCutOff ? signal : NEVER, idleTimeoutMs: timeoutOf(kind) }
      const destination = await destinationNow(signal)
      const origin = originOf(destination)
      let last: HttpRequest | undefined
      const attemptOnce = async (): Promise<Sent> => {
        const release = await budget.acquire({ origin, owner, kind: 'control' }, signal)
        try {
          return await sendMended(requestFor, what, signal, async (request) => {
            last = request
            const sentAtMs = clock.now()
            const response = await ports.http(request, body, options)
            sending.answered(origin, clock.now() - sentAtMs)
            return { response }
          })
        } finally {
          release()
        }
      }
      return attempts.run(
        kind,
        destination,
        signal,
        async () => read(await attemptOnce()),
        () => last,
      )
    },
    async sendBody(requestFor, body, connection, options, accept) {
      const { signal, onBody } = options
      let given: Release | undefined = connection
      let last: HttpRequest | undefined
      try {
        const destination = await destinationNow(signal)
        const origin = originOf(destination)
        // Nobody holds a connection while nothing can be sent.
        if (network.isDown(origin)) {
          given()
          given = undefined
        }
        const attemptOnce = async (): Promise<PartAnswer & Sent> => {
          const release = given ?? (await acquire(signal))
          given = undefined
          onBody({ status: 'sending', sentBytes: 0 })
          return sendOnce(origin, paced(requestFor), body, options, release, (request) => {
            last = request
          })
        }
        // The connection is free again before the answer is looked at, which may take further requests.
        return await attempts.run(
          'body',
          destination,
          signal,
          async () => accept(await attemptOnce()),
          () => last,
        )
      } finally {
        given?.()
      }
    },
  }
}

/** Tells which request got no answer: what sends it knows but the host. */
function named(what: string, error: unknown): unknown {
  if (!isUploadError(error) || error instanceof Outlasted) return error
  if (error.code !== 'NETWORK' && error.code !== 'TIMEOUT') return error
  return new UploadError(error.code, `${what} failed: ${error.message}`, { cause: error.cause })
}
