import type { Clock } from '../clock/clock.ts'
import type { ServerClock } from '../engine/server-clock.ts'
import type { Signer } from '../oss/sign/signer.ts'
import { UploadError } from '../protocol/errors.ts'
import { untilAborted, wait } from '../clock/wait.ts'
import type { CredentialsReason } from '../protocol/engine-api.ts'
import { backoffMs } from '../retry/retry-policy.ts'
import { readAuthorization } from './read-authorization.ts'
import type { Authorization } from './read-authorization.ts'
import type { Credentials } from '../oss/sign/signer.ts'

/** One answer of the application, ready to sign with. */
export interface Grant {
  readonly authorization: Authorization
  readonly signer: Signer
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

/** The image being uploaded has a new place: what was sent to the old one does not count. */
export class DestinationMoved extends Error {
  override readonly name = 'DestinationMoved'
}

/** The application says that there is no such media any more: an upload to it cannot go on. */
export class MediaGone extends Error {
  override readonly name = 'MediaGone'
}

/** Refreshing failed for good; the upload can go on when it is asked again later. */
export class RefreshFailed extends Error {
  override readonly name = 'RefreshFailed'
  override readonly cause: UploadError

  constructor(cause: UploadError) {
    super(cause.message)
    this.cause = cause
  }
}

export interface CredentialSourceOptions {
  /** Asks the application. @throws {UploadError} `CREDENTIALS_FAILED` */
  readonly ask: (
    reason: CredentialsReason,
    mediaId: string | undefined,
    signal: AbortSignal,
  ) => Promise<unknown>
  readonly createSigner: (credentials: Credentials, region: string) => Promise<Signer>
  readonly clock: Clock
  readonly serverClock: ServerClock
  readonly random: () => number
  /** How long before their end credentials are renewed, in milliseconds; at most a third of their life. */
  readonly refreshLeadMs: number
  /** Finds out whether the network is gone, and if so waits until it is back. */
  readonly outlast: (signal: AbortSignal) => Promise<boolean>
  /** New credentials are in use. */
  readonly onGrant: (authorization: Authorization) => void
  /** Counts those who wait for newer credentials. */
  readonly hold: <T>(run: () => Promise<T>) => Promise<T>
}

/** How often a refresh is attempted, and the waits before each further attempt, in milliseconds. */
const REFRESH_ATTEMPTS = 3
const REFRESH_DELAYS = { baseDelayMs: 1000, maxDelayMs: 10_000 }

export function createCredentialSource(options: CredentialSourceOptions): CredentialSource {
  const { ask, createSigner, clock, serverClock, random, refreshLeadMs, outlast, onGrant, hold } = options
  let grant: Grant | undefined
  let renewAtMs = Infinity
  let pending: { readonly grant: Promise<Grant>; readonly controller: AbortController } | undefined
  /** A move that was found while nobody waited for the refresh. */
  let unseenMove: DestinationMoved | undefined

  /** Takes new credentials into use. */
  const adopt = (fresh: Grant): Grant => {
    grant = fresh
    onGrant(fresh.authorization)
    renewAtMs = renewalTime(fresh.authorization.credentials.expiresAtMs, clock.now(), refreshLeadMs)
    return fresh
  }

  const receive = async (
    reason: CredentialsReason,
    mediaId: string | undefined,
    signal: AbortSignal,
  ): Promise<Grant> => {
    const answer = await untilAborted(ask(reason, mediaId, signal), signal)
    if (answer === null && reason === 'resume')
      throw new MediaGone(`There is no media ${mediaId ?? ''} any more`)
    const read = readAuthorization(answer, { nowMs: clock.now(), serverNowMs: serverClock.now() })
    // Only the first answer has to tell the id.
    const authorization = { ...read, mediaId: read.mediaId ?? mediaId }
    return { authorization, signer: await createSigner(read.credentials, read.destination.region) }
  }

  const refreshWithBackoff = async (mediaId: string | undefined, signal: AbortSignal): Promise<Grant> => {
    for (let attempt = 1; ;) {
      try {
        return await receive('refresh', mediaId, signal)
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof UploadError)) throw error
        if (error.code === 'CREDENTIALS_FAILED' && (await outlast(signal))) continue
        if (attempt === REFRESH_ATTEMPTS) throw new RefreshFailed(error)
        await wait(clock, backoffMs(REFRESH_DELAYS, attempt, random()), signal)
        attempt += 1
      }
    }
  }

  const refresh = async (old: Grant, signal: AbortSignal): Promise<Grant> => {
    const fresh = await refreshWithBackoff(old.authorization.mediaId, signal)
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
      const { expiresAtMs = Infinity } = old.authorization.credentials
      if (clock.now() >= expiresAtMs) return hold(() => renew(old, signal))
      // The old ones still hold, so nobody waits. If it fails, it is tried again in half of the time that is left.
      renew(old, new AbortController().signal).catch((error: unknown) => {
        if (error instanceof DestinationMoved) unseenMove = error
        else if (grant === old) renewAtMs = (clock.now() + expiresAtMs) / 2
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

/** When to renew: the lead before the end, but not before two thirds of the life are over; never without an end. */
export function renewalTime(expiresAtMs: number | undefined, nowMs: number, refreshLeadMs: number): number {
  if (expiresAtMs === undefined) return Infinity
  return expiresAtMs - Math.min(refreshLeadMs, (expiresAtMs - nowMs) / 3)
}

function compareDestinations(
  old: Authorization,
  fresh: Authorization,
): DestinationMoved | UploadError | undefined {
  const [from, to] = [old.destination, fresh.destination]
  if (from.bucket === to.bucket && from.key === to.key) return undefined
  if (fresh.isImage) return new DestinationMoved(`The image goes to ${to.bucket}/${to.key} now`)
  return new UploadError(
    'DESTINATION_CHANGED',
    `The refreshed credentials are for ${to.bucket}/${to.key}, the upload goes to ${from.bucket}/${from.key}. ` +
      'With reason "refresh", getCredentials must ask for the same media (mediaId).',
  )
}
