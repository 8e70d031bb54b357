import type { HostInspection } from '../protocol/inspection.ts'

/**
 * Connections to hosts, shared by all uploads of an engine: a browser opens at most six per host over HTTP/1.1,
 * workers included, and what waits inside the browser is out of our hands.
 */
export interface ConnectionBudget {
  /**
   * Waits for a connection to an origin.
   *
   * @throws `signal.reason` when aborted
   */
  acquire(request: ConnectionRequest, signal: AbortSignal): Promise<Release>
  /** What is in use now, to each host to which anything is. */
  inspect(): readonly HostInspection[]
}

/** Gives a connection back. Further calls do nothing. */
export type Release = () => void

export interface ConnectionRequest {
  readonly origin: string
  /** Whose it is: connections are shared fairly between owners. */
  readonly owner: string
  /** `control` requests (open, complete, abort an upload) are small and end uploads, so they go first. */
  readonly kind: 'control' | 'body'
}

interface Waiter extends ConnectionRequest {
  readonly grant: () => void
}

export interface ConnectionLimits {
  readonly perHost: number
  /** Bodies of one owner at a time. */
  readonly bodiesPerOwner: number
  /** Bodies to one host at a time; may change. */
  readonly bodiesPerHost: (origin: string) => number
  /** Bodies to all hosts at a time. */
  readonly bodiesInAll: number
}

export function createConnectionBudget(limits: ConnectionLimits): ConnectionBudget {
  const held = new Map<string, ConnectionRequest[]>()
  let waiting: readonly Waiter[] = []

  const bodiesInAll = (): number => [...held.values()].flat().filter(({ kind }) => kind === 'body').length

  const grantNext = (origin: string): void => {
    const holders = held.get(origin) ?? []
    const next = chooseNext(
      waiting.filter((waiter) => waiter.origin === origin),
      holders,
      {
        perHost: limits.perHost,
        bodiesPerOwner: limits.bodiesPerOwner,
        bodies: Math.min(
          limits.bodiesPerHost(origin),
          limits.bodiesInAll - bodiesInAll() + countBodies(holders),
        ),
      },
    )
    if (next === undefined) return
    waiting = waiting.filter((waiter) => waiter !== next)
    held.set(origin, [...holders, next])
    next.grant()
    grantNext(origin)
  }

  const release = (request: ConnectionRequest): void => {
    const holders = held.get(request.origin) ?? []
    const rest = holders.filter((holder) => holder !== request)
    if (rest.length === 0) held.delete(request.origin)
    else held.set(request.origin, rest)
    for (const origin of new Set(waiting.map((waiter) => waiter.origin))) grantNext(origin)
  }

  return {
    inspect: () =>
      [...held].map(([origin, holders]) => ({
        origin,
        requests: holders.length,
        bodies: countBodies(holders),
        mostBodies: Math.min(limits.perHost, limits.bodiesPerHost(origin), limits.bodiesInAll),
      })),
    acquire: (request, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const waiter: Waiter = {
          ...request,
          grant: () => {
            signal.removeEventListener('abort', onAbort)
            resolve(() => release(waiter))
          },
        }
        const onAbort = (): void => {
          waiting = waiting.filter((other) => other !== waiter)
          reject(signal.reason)
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting = [...waiting, waiter]
        grantNext(request.origin)
      }),
  }
}

/** What limits the connections to one host at one moment. */
export interface HostLimits {
  readonly perHost: number
  readonly bodiesPerOwner: number
  readonly bodies: number
}

function countBodies(holders: readonly ConnectionRequest[]): number {
  return holders.filter(({ kind }) => kind === 'body').length
}

/**
 * Decides who gets a free connection: control requests first; else the owner that holds the fewest, the longest
 * waiting among equals. Nobody when the host is full.
 */
export function chooseNext<T extends ConnectionRequest>(
  waiting: readonly T[],
  holders: readonly ConnectionRequest[],
  { perHost, bodiesPerOwner, bodies }: HostLimits,
): T | undefined {
  if (holders.length >= perHost) return undefined
  const control = waiting.find((waiter) => waiter.kind === 'control')
  if (control !== undefined) return control
  if (countBodies(holders) >= bodies) return undefined
  const heldBy = (owner: string): number => holders.filter((holder) => holder.owner === owner).length
  return waiting
    .map((waiter) => ({ waiter, count: heldBy(waiter.owner) }))
    .filter(({ count }) => count < bodiesPerOwner)
    .reduce<{ waiter: T; count: number } | undefined>(
      (best, candidate) => (best === undefined || candidate.count < best.count ? candidate : best),
      undefined,
    )?.waiter
}
