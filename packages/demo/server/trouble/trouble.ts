import type { FaultOrder, OssServer } from '@sluice/oss-server'

/** What a person may order, so that uploads are seen to recover. */
export const TROUBLE_KINDS = [
  'expire-credentials',
  'drop-connections',
  'unavailable',
  'corrupt-answer',
  'slow-link',
  'offline',
] as const

export type TroubleKind = (typeof TROUBLE_KINDS)[number]

/** Kinds that last until they are ended. */
export type LastingTrouble = Extract<TroubleKind, 'slow-link' | 'offline'>

/** Trouble with the local OSS. Nothing of it outlives the process. */
export interface Trouble {
  make(kind: TroubleKind): void
  /** Ends what lasts and takes back what no request has met yet. */
  end(): void
  /** What lasts now. */
  lasting(): readonly LastingTrouble[]
}

/** What trouble needs of an OSS. */
export type TroubledOss = Pick<OssServer, 'faults' | 'expireTokens' | 'dropConnections' | 'setOnline'>

/** Requests with file bytes: those that a person sees. */
const BODIES = ['UploadPart', 'PutObject'] as const

/** One less than the attempts that Sluice makes of a request: should all of them meet the same part, it still succeeds. */
const UNAVAILABLE_TIMES = 5

/** Code and text are those of the service. (OSS documentation, "503 errors") */
const UNAVAILABLE: FaultOrder = {
  kind: 'status',
  status: 503,
  code: 'ServiceUnavailable',
  message: 'Thread pool is almost full, please retry later.',
  op: BODIES,
  times: UNAVAILABLE_TIMES,
}

/** The bytes and not the answer alone: what is stored is wrong indeed, until it is sent again. */
const CORRUPT: FaultOrder = { kind: 'corrupt-body', op: BODIES }

/** 1 MiB/s for each connection, of which uploads have several. */
const SLOW: FaultOrder = { kind: 'bandwidth', bytesPerSecond: 1024 ** 2, times: 'always' }

/** Makes trouble for one OSS, and for nothing else. */
export function createTrouble(oss: TroubledOss): Trouble {
  /** The last order of each kind. */
  const orderIds = new Map<TroubleKind, string>()
  let isOffline = false

  const order = (kind: TroubleKind, fault: FaultOrder): void => {
    // A request would meet both, and a bit that is turned twice is as it was.
    const earlier = orderIds.get(kind)
    if (earlier !== undefined) oss.faults.cancel(earlier)
    orderIds.set(kind, oss.faults.order(fault).id)
  }
  const setOffline = (isNowOffline: boolean): void => {
    isOffline = isNowOffline
    oss.setOnline(!isOffline)
  }
  /**
   * A browser repeats a request by itself when it loses a connection that it used before, and no page sees that. So the
   * repetitions are reset as well.
   */
  const dropConnections = (): void => {
    const requests = oss.dropConnections()
    if (requests === 0) return
    order('drop-connections', { kind: 'reset', when: 'before-body', op: BODIES, times: requests })
  }

  return {
    make(kind) {
      switch (kind) {
        case 'expire-credentials':
          return oss.expireTokens()
        case 'drop-connections':
          return dropConnections()
        case 'unavailable':
          return order(kind, UNAVAILABLE)
        case 'corrupt-answer':
          return order(kind, CORRUPT)
        case 'slow-link':
          // Another order would let go what this one slows down.
          return orderIds.has(kind) ? undefined : order(kind, SLOW)
        case 'offline':
          return setOffline(true)
      }
    },
    end() {
      oss.faults.clear()
      orderIds.clear()
      setOffline(false)
    },
    lasting: () => [
      ...(orderIds.has('slow-link') ? (['slow-link'] as const) : []),
      ...(isOffline ? (['offline'] as const) : []),
    ],
  }
}
