import { untilAborted } from '../clock/wait.ts'
import type { ServerClock } from '../engine/server-clock.ts'
import type { CreateSigner } from '../oss/sign/signer-for.ts'
import type { CredentialsReason } from '../protocol/engine-api.ts'
import { UploadError } from '../protocol/errors.ts'
import { askAgain } from './ask-again.ts'
import type { AskAgainOptions } from './ask-again.ts'
import { readAuthorization } from './read-authorization.ts'
import type { Authorization } from './read-authorization.ts'
import { nextRenewalTime, renewalTime } from './renewal.ts'
import { createSignRequest } from './sign-request.ts'
import type { SignRequest } from './sign-request.ts'

/** One answer of the application, and how requests are signed with it. */
export interface Grant {
  readonly authorization: Authorization
  readonly sign: SignRequest
}

/** Credentials of one upload over its life. */
export interface CredentialSource {
  /** Asks for the first. */
  start(reason: 'create' | 'resume', mediaId: string | undefined, signal: AbortSignal): Promise<Grant>
  /** What to sign with now. Renews in good time, in the background, and waits only when the old have ended. */
  current(signal: AbortSignal): Promise<Grant>
  /** The service refused these: answers newer ones. However many ask at once, the application is asked once. */
  renew(refused: Grant, signal: AbortSignal): Promise<Grant>
  /** Stops asking the application. Who asks again afterwards begins anew. */
  stop(): void
}

/**
 * What is being uploaded has a new place, since it has no refresh, or another way to it: what was sent before does not
 * count.
 */
export class DestinationMoved extends Error {
  override readonly name = 'DestinationMoved'
}

/** The application says that there is no such media any more: an upload to it cannot go on. */
export class MediaGone extends Error {
  override readonly name = 'MediaGone'

  constructor(mediaId: string | undefined) {
    super(`There is no media ${mediaId ?? ''} any more`)
  }
}

export interface CredentialSourceOptions extends AskAgainOptions {
  /** Asks the application. @throws {UploadError} `CREDENTIALS_FAILED` */
  readonly ask: (
    reason: CredentialsReason,
    mediaId: string | undefined,
    signal: AbortSignal,
  ) => Promise<unknown>
  readonly createSigner: CreateSigner
  readonly serverClock: ServerClock
  /** How long before their end credentials are renewed at the latest, in milliseconds; at most a third of their life. */
  readonly refreshLeadMs: number
  /** New credentials are in use. */
  readonly onGrant: (authorization: Authorization) => void
  /** Counts those who wait for newer credentials. */
  readonly hold: <T>(run: () => Promise<T>) => Promise<T>
}

export function createCredentialSource(options: CredentialSourceOptions): CredentialSource {
  const { ask, createSigner, clock, random, serverClock, refreshLeadMs, onGrant, hold } = options
  let grant: Grant | undefined
  let renewAtMs = Infinity
  let pending: { readonly grant: Promise<Grant>; readonly controller: AbortController } | undefined
  /** A move that was found while nobody waited for the refresh. */
  let unseenMove: DestinationMoved | undefined

  /** Takes new credentials into use. */
  const adopt = (fresh: Grant): Grant => {
    grant = fresh
    onGrant(fresh.authorization)
    renewAtMs = renewalTime(fresh.authorization, clock.now(), refreshLeadMs, random())
    return fresh
  }

  const receive = async (
    reason: CredentialsReason,
    mediaId: string | undefined,
    signal: AbortSignal,
  ): Promise<Grant> => {
    const answer = await untilAborted(ask(reason, mediaId, signal), signal)
    if (answer === null && reason === 'resume') throw new MediaGone(mediaId)
    const read = readAuthorization(answer, { nowMs: clock.now(), serverNowMs: serverClock.now() })
    // Only the first answer has to tell the id.
    const authorization = { ...read, mediaId: read.mediaId ?? mediaId }
    return { authorization, sign: await createSignRequest(authorization, createSigner, serverClock) }
  }

  const refresh = async (old: Grant, signal: AbortSignal): Promise<Grant> => {
    const { mediaId } = old.authorization
    const fresh = await askAgain(options, () => receive('refresh', mediaId, signal), signal)
    const move = compareDestinations(old.authorization, fresh.authorization)
    if (move instanceof UploadError) throw move
    adopt(fresh)
    if (move !== undefined) throw move
    return fresh
  }

  /** The refresh belongs to no single asker: who gives up waiting does not stop it for the others. */
  const renew = (old: Grant, signal: AbortSignal): Promise<Grant> => {
    if (grant !== undefined && grant !== old) return Promise.resolve(grant)
    if (pending === undefined) {
      const controller = new AbortController()
      const asked = { grant: refresh(old, controller.signal), controller }
      pending = asked
      const forget = (): void => {
        if (pending === asked) pending = undefined
      }
      asked.grant.then(forget, forget)
    }
    return untilAborted(pending.grant, signal)
  }

  return {
    start: async (reason, mediaId, signal) => adopt(await receive(reason, mediaId, signal)),
    async current(signal) {
      if (grant === undefined) throw new Error('Credentials were not started')
      if (unseenMove !== undefined) {
        const move = unseenMove
        unseenMove = undefined
        throw move
      }
      if (clock.now() < renewAtMs) return grant
      const old = grant
      const { expiresAtMs = Infinity } = old.authorization
      if (clock.now() >= expiresAtMs) return hold(() => renew(old, signal))
      // The old ones still hold, so nobody waits, also if it fails.
      renew(old, new AbortController().signal).catch((error: unknown) => {
        if (error instanceof DestinationMoved) unseenMove = error
        else if (grant === old) renewAtMs = nextRenewalTime(expiresAtMs, clock.now(), random())
      })
      return old
    },
    renew: (refused, signal) => hold(() => renew(refused, signal)),
    stop() {
      pending?.controller.abort(new Error('The upload was stopped'))
      pending = undefined
    },
  }
}

function compareDestinations(
  old: Authorization,
  fresh: Authorization,
): DestinationMoved | UploadError | undefined {
  const [from, to] = [old.destination, fresh.destination]
  if (from.bucket === to.bucket && from.key === to.key) {
    // A form cannot go on with parts, nor keys with a form.
    if (old.access.kind === fresh.access.kind) return undefined
    return new DestinationMoved(`It goes to ${to.bucket}/${to.key} in another way now`)
  }
  if (!fresh.isRefreshable) return new DestinationMoved(`It goes to ${to.bucket}/${to.key} now`)
  return new UploadError(
    'DESTINATION_CHANGED',
    `The refreshed credentials are for ${to.bucket}/${to.key}, the upload goes to ${from.bucket}/${from.key}. ` +
      'With reason "refresh", getCredentials must ask for the same media (mediaId).',
  )
}
