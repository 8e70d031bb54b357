import { untilAborted } from '../clock/wait.ts'
import type { ServerClock } from '../engine/server-clock.ts'
import type { Destination } from '../oss/endpoint.ts'
import type { OssRequest } from '../oss/oss-request.ts'
import type { RequestToSign } from '../protocol/engine-api.ts'
import { askAgain } from './ask-again.ts'
import type { AskAgainOptions } from './ask-again.ts'
import { readSigned } from './read-signed.ts'
import type { SignedRequest } from './read-signed.ts'
import type { SignRequest } from './sign-request.ts'

export interface PresignerOptions extends AskAgainOptions {
  readonly destination: Destination
  /** Asks the application. @throws {UploadError} `CREDENTIALS_FAILED` */
  readonly ask: (requests: readonly RequestToSign[], signal: AbortSignal) => Promise<unknown>
  /** Requests that will be sent after this one, to be signed with it. */
  readonly ahead: (request: OssRequest) => readonly OssRequest[]
  readonly serverClock: ServerClock
  /** Counts those who wait for a signature. */
  readonly hold: <T>(run: () => Promise<T>) => Promise<T>
}

/** Has requests signed by the application's server, those of the next parts in advance. */
export interface Presigner {
  readonly sign: SignRequest
  /** The service refused a signature: those that were made with it are not used. */
  forget(): void
  /** Stops asking the application. */
  stop(): void
}

export function createPresigner(options: PresignerOptions): Presigner {
  const { destination, ask, ahead, clock, serverClock, hold } = options
  /** Each is used once: an attempt after a failure is signed anew. */
  const made = new Map<string, SignedRequest | Promise<SignedRequest>>()
  const asking = new Set<AbortController>()

  const isUsable = ({ usableUntilMs }: SignedRequest): boolean => clock.now() < usableUntilMs

  const take = (request: OssRequest): SignedRequest | Promise<SignedRequest> | undefined => {
    const name = nameOf(request)
    const signed = made.get(name)
    made.delete(name)
    return signed
  }

  const askFor = async (requests: readonly OssRequest[]): Promise<readonly SignedRequest[]> => {
    const controller = new AbortController()
    const { signal } = controller
    asking.add(controller)
    try {
      const toSign = requests.map((request) => ({ ...request, bucket: destination.bucket }))
      const askOnce = async (): Promise<readonly SignedRequest[]> => {
        const answer = await untilAborted(ask(toSign, signal), signal)
        return readSigned(answer, toSign, destination, {
          nowMs: clock.now(),
          serverNowMs: serverClock.now(),
        })
      }
      return await askAgain(options, askOnce, signal)
    } finally {
      asking.delete(controller)
    }
  }

  const signWithNext = async (request: OssRequest): Promise<SignedRequest> => {
    const next = ahead(request).filter((other) => !made.has(nameOf(other)))
    const all = askFor([request, ...next])
    for (const [index, other] of next.entries()) {
      const name = nameOf(other)
      const signed = all.then((signatures) => pick(signatures, index + 1))
      made.set(name, signed)
      signed.then(
        (value) => made.get(name) === signed && made.set(name, value),
        // Who needs it hears of the failure, or asks again.
        () => made.get(name) === signed && made.delete(name),
      )
    }
    return pick(await all, 0)
  }

  return {
    async sign(request, signal) {
      const found = take(request)
      // Who has a signature at hand waits for nobody.
      if (found !== undefined && !(found instanceof Promise) && isUsable(found)) return found.http
      const { http } = await hold(async () => {
        const signed = found instanceof Promise ? await untilAborted(found, signal) : found
        if (signed !== undefined && isUsable(signed)) return signed
        // The others of its batch have ended with it.
        if (signed !== undefined) made.clear()
        return untilAborted(signWithNext(request), signal)
      })
      return http
    },
    forget: () => made.clear(),
    stop() {
      made.clear()
      for (const controller of asking) controller.abort(new Error('The upload was stopped'))
    },
  }
}

function pick(signatures: readonly SignedRequest[], index: number): SignedRequest {
  const signed = signatures[index]
  if (signed === undefined) throw new Error(`There is no signature ${index}`)
  return signed
}

/** Equal for requests that are the same. */
function nameOf({ method, key, query, headers }: OssRequest): string {
  return JSON.stringify([method, key, Object.entries(query), Object.entries(headers)])
}
