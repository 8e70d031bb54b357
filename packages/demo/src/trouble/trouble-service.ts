import { actionUrl } from '../authorization-service.ts'
import type { TroubleKind } from '../words/words.ts'

/** Those that happen once, then those that last. */
export const TROUBLE_KINDS: readonly TroubleKind[] = [
  'expire-credentials',
  'drop-connections',
  'unavailable',
  'corrupt-answer',
  'slow-link',
  'offline',
]

/** The part of the demo's service that orders faults from its local OSS. */
export interface TroubleService {
  /** What lasts now; undefined where there is no local OSS. */
  readonly find: () => Promise<readonly TroubleKind[] | undefined>
  readonly make: (kind: TroubleKind) => Promise<readonly TroubleKind[]>
  /** Ends what lasts. */
  readonly end: () => Promise<readonly TroubleKind[]>
}

/** @param base of the authorization service */
export function createTroubleService(base: URL): TroubleService {
  const url = actionUrl(base, 'trouble')
  const ask = async (init: RequestInit): Promise<readonly TroubleKind[]> => {
    const response = await fetch(url, init)
    if (!response.ok) throw new Error(`The service answered ${response.status}`)
    const answer: unknown = await response.json()
    if (typeof answer !== 'object' || answer === null || !('lasting' in answer)) throw new Error('No answer')
    const { lasting } = answer
    return Array.isArray(lasting) ? TROUBLE_KINDS.filter((kind) => lasting.includes(kind)) : []
  }
  return {
    // The service of an application is not asked for it.
    find: () =>
      base.origin === location.origin ? ask({}).catch(() => undefined) : Promise.resolve(undefined),
    make: (kind) => ask({ method: 'POST', body: JSON.stringify({ kind }) }),
    end: () => ask({ method: 'DELETE' }),
  }
}
