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

/** Of a connection; uploads have several. */
const SLOW_BYTES_PER_SECOND = 1024 ** 2

/** Kinds that are fault orders. */
const ORDERS = {
  unavailable: {
    kind: 'status',
    status: 503,
    // Code and text are those of the service. (OSS documentation, "503 errors")
    code: 'ServiceUnavailable',
    message: 'Thread pool is almost full, please retry later.',
    op: BODIES,
    times: UNAVAILABLE_TIMES,
  },
  // Not a wrong answer but damaged bytes: what is stored is really wrong until it was sent again.
  'corrupt-answer': { kind: 'corrupt-body', op: BODIES },
  'slow-link': { kind: 'bandwidth', bytesPerSecond: SLOW_BYTES_PER_SECOND, times: 'always' },
} as const satisfies Partial<Record<TroubleKind, FaultOrder>>

/** Makes trouble for one OSS, and for nothing else. */
export function createTrouble(oss: TroubledOss): Trouble {
  const orderIds = new Map<keyof typeof ORDERS, string>()
  let isOffline = false

  const order = (kind: keyof typeof ORDERS): void => {
    // What is left of an earlier order does not add up with this one.
    const earlier = orderIds.get(kind)
    if (earlier !== undefined) oss.faults.cancel(earlier)
    orderIds.set(kind, oss.faults.order(ORDERS[kind]).id)
  }
  const setOffline = (isNowOffline: boolean): void => {
    isOffline = isNowOffline
    oss.setOnline(!isOffline)
  }

  return {
    make(kind) {
      switch (kind) {
        case 'expire-credentials':
          return oss.expireTokens()
        case 'drop-connections':
          return oss.dropConnections()
        case 'unavailable':
        case 'corrupt-answer':
          return order(kind)
        case 'slow-link':
          // A second order would let go what the first one slows down.
          return orderIds.has(kind) ? undefined : order(kind)
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
