import type { Clock } from '../clock/clock.ts'
import { wait } from '../clock/wait.ts'
import type { HttpRequest } from '../http/http-client.ts'
import type { CorsCheck, Network } from '../network/network.ts'
import { Outlasted } from '../network/outlasted.ts'
import { objectUrl, originOf } from '../oss/endpoint.ts'
import type { Destination } from '../oss/endpoint.ts'
import { isUploadError, UploadError } from '../protocol/errors.ts'
import { decideRetry } from '../retry/retry-policy.ts'
import type { RequestKind, RetryPolicies } from '../retry/retry-policy.ts'
import type { ActivityBoard } from './activity.ts'
import { corsRule } from './cors-rule.ts'

/** Attempts requests of one upload until they succeed, or until there is no point in it any more. */
export interface Attempts {
  /**
   * @param destination where the requests go to
   * @param lastRequest the request of the last attempt, if it came to one
   * @throws the error of the last attempt
   * @throws {UploadError} `CORS_REFUSED` when the host can be reached, but not by this page
   * @throws `signal.reason` when aborted, also in the middle of a wait
   */
  run<T>(
    kind: RequestKind,
    destination: Destination,
    signal: AbortSignal,
    attemptOnce: () => Promise<T>,
    lastRequest: () => HttpRequest | undefined,
  ): Promise<T>
}

export interface AttemptsOptions {
  readonly policies: RetryPolicies
  readonly network: Network
  readonly activity: ActivityBoard
  readonly clock: Clock
  readonly random: () => number
  readonly isAllowedByCors: CorsCheck
  readonly pageOrigin: string
  /** A request failed and is going to be sent again; `attempt` counts from 1. Nobody is told of cleaning up. */
  readonly onRetry: (error: UploadError, attempt: number) => void
  /** After failures requests come through again, and none is left that has failed. */
  readonly onRecover: () => void
}

/**
 * How often one request may be lost to outages at no cost. Each costs what was on its way, and a host whose probes always
 * come late would seem to have one after the other.
 */
const MAX_FREE_ATTEMPTS = 20

export function createAttempts({
  policies,
  network,
  activity,
  clock,
  random,
  isAllowedByCors,
  pageOrigin,
  onRetry,
  onRecover,
}: AttemptsOptions): Attempts {
  /** Requests that have failed and are being sent again. */
  let failing = 0
  /** Failures were told, and that they are over was not: a pause may have come between. */
  let isTroubled = false

  const isOutage = async (error: UploadError, origin: string, signal: AbortSignal): Promise<boolean> => {
    if (error instanceof Outlasted) return true
    if (error.code !== 'NETWORK' && error.code !== 'TIMEOUT') return false
    return activity.track('checking', () => network.outlast(origin, signal))
  }

  /** A host that answers probes, but never such a request of this page: is it the CORS rule? */
  const explain = async (
    error: UploadError,
    destination: Destination,
    request: HttpRequest | undefined,
    signal: AbortSignal,
  ): Promise<UploadError> => {
    const origin = originOf(destination)
    if (error.code !== 'NETWORK' || request === undefined || !network.isSilent(origin, request.method))
      return error
    // There is no such upload: whatever the bucket allows, this does nothing.
    const url = objectUrl(destination, { partNumber: '1', uploadId: 'cors-check' })
    const question = { method: request.method, url, headerNames: Object.keys(request.headers) }
    const isAllowed = await activity.track('checking', () => isAllowedByCors(question, signal))
    return isAllowed ? error : corsRefused(error, origin, pageOrigin)
  }

  return {
    async run(kind, destination, signal, attemptOnce, lastRequest) {
      const origin = originOf(destination)
      const isCleanup = kind === 'cleanup'
      const waitsForNetwork = !isCleanup
      let attempt = 1
      let free = 0
      let hasFailed = false
      const fail = (error: UploadError): void => {
        if (isCleanup) return
        isTroubled = true
        if (!hasFailed) failing += 1
        hasFailed = true
        onRetry(error, attempt)
      }
      try {
        for (;;) {
          if (waitsForNetwork && network.isDown(origin))
            await activity.track('checking', () => network.ready(origin, signal))
          try {
            const result = await attemptOnce()
            if (!isCleanup && isTroubled && failing === (hasFailed ? 1 : 0)) {
              isTroubled = false
              onRecover()
            }
            return result
          } catch (error) {
            signal.throwIfAborted()
            if (!isUploadError(error)) throw error
            const decision = decideRetry(policies[kind], error, attempt, random())
            if (decision.action === 'retry') fail(error)
            // What an outage took is no attempt: nothing was wrong with it. But not for ever.
            const isFree =
              free < MAX_FREE_ATTEMPTS && waitsForNetwork && (await isOutage(error, origin, signal))
            if (isFree) {
              free += 1
              if (decision.action === 'giveUp') fail(error)
              continue
            }
            if (decision.action === 'giveUp') throw await explain(error, destination, lastRequest(), signal)
            await activity.track('backoff', () => wait(clock, decision.delayMs, signal))
            attempt += 1
          }
        }
      } finally {
        if (hasFailed) failing -= 1
      }
    },
  }
}

function corsRefused(cause: UploadError, origin: string, pageOrigin: string): UploadError {
  return new UploadError(
    'CORS_REFUSED',
    `${origin} can be reached, but its CORS rule does not allow this page. ${corsRule(pageOrigin)}`,
    { cause },
  )
}
