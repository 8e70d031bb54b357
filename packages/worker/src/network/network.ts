import type { Clock } from '../clock/clock.ts'
import { NEVER, untilAborted, wait } from '../clock/wait.ts'
import { backoffMs } from '../retry/retry-policy.ts'
import { moveReach } from './reach.ts'
import type { Reach, ReachEvent } from './reach.ts'

/** Asks a host for anything at all. Answers whether something came back, also a refusal. Never throws. */
export type Probe = (origin: string) => Promise<boolean>

/**
 * Asks whether a CORS rule lets this page send a PUT with OSS's headers, by sending one that has no effect.
 */
export type CorsCheck = (url: string, signal: AbortSignal) => Promise<boolean>

/** What the browser says of its network. It may be wrong in both directions. */
export interface Link {
  readonly isUp: () => boolean
  readonly onChange: (listener: () => void) => void
}

/**
 * Knows outages: times in which requests are pointless, and cost no attempts. An outage is found by the browser's word
 * or by a probe after a failure; it ends when a probe or a request is answered, also when the browser says nothing.
 */
export interface Network {
  /** Whether nothing reaches the host now; without a host, whether the browser has no network. */
  isDown(origin: string | undefined): boolean
  /** Waits while nothing reaches the host. @throws `signal.reason` when aborted */
  ready(origin: string, signal: AbortSignal): Promise<void>
  /**
   * Finds out whether a request got no answer because of an outage, and if so waits for its end.
   *
   * @param origin the host; undefined where it is not known, and only the browser can be asked
   * @returns whether there was an outage
   * @throws `signal.reason` when aborted
   */
  outlast(origin: string | undefined, signal: AbortSignal): Promise<boolean>
  /** Something came back from the host. */
  answered(origin: string): void
  /** Whether the host answers probes, but has never answered a request. */
  isSilent(origin: string): boolean
}

export interface NetworkPorts {
  readonly clock: Clock
  readonly random: () => number
  readonly probe: Probe
  readonly link: Link
  /** A host went down or came back. */
  readonly onChange: () => void
}

/** Waits between probes, in milliseconds: uploads go on at most this long after the network is back. */
const PROBE_DELAYS = { baseDelayMs: 500, maxDelayMs: 3000 }

/** A host that has not answered a probe for so long is taken to be out of reach, in milliseconds. */
const VERDICT_MS = 3000

/**
 * Probes under way at a time. They are not cut off: a new connection repeats its first packet after 1, 2, 4 … seconds (RFC
 * 6298), and an aborted one leaves its socket waiting in Chromium, so that the next probe would wait with it. Several, begun
 * one after the other, notice sooner. (our measurement over a link that goes away for 30 s: 3 s instead of up to 17 s)
 */
const MAX_PROBES = 6

/** How long is waited where there is nothing to probe, in milliseconds, unless the browser says that it is back. */
const BLIND_WAIT_MS = 30_000

interface Host {
  readonly origin: string
  reach: Reach
  /** Whether a request was ever answered; a probe's answer is not one. */
  hasAnswered: boolean
  /** Probes under way. */
  probes: number
  /** The question whether it can be reached, shared by all who ask. */
  verdict: Promise<void> | undefined
  isWatched: boolean
  readonly waiters: Set<() => void>
}

export function createNetwork({ clock, random, probe, link, onChange }: NetworkPorts): Network {
  const hosts = new Map<string, Host>()
  let linkChange = new AbortController()

  const hostOf = (origin: string): Host => {
    const known = hosts.get(origin)
    if (known !== undefined) return known
    const host: Host = {
      origin,
      reach: { kind: 'unknown' },
      hasAnswered: false,
      probes: 0,
      verdict: undefined,
      isWatched: false,
      waiters: new Set(),
    }
    hosts.set(origin, host)
    return host
  }

  const move = (host: Host, event: ReachEvent): void => {
    const before = host.reach
    host.reach = moveReach(before, event)
    if (host.reach.kind === before.kind) return
    if (host.reach.kind !== 'down') {
      for (const resume of host.waiters) resume()
      host.waiters.clear()
    }
    onChange()
  }

  link.onChange(() => {
    if (!link.isUp()) for (const host of hosts.values()) move(host, { type: 'link-lost' })
    // Whatever the browser says, it is a moment to look.
    linkChange.abort()
    linkChange = new AbortController()
  })

  const probeOnce = async (host: Host): Promise<void> => {
    if (host.probes === MAX_PROBES) return
    host.probes += 1
    const isAnswered = await probe(host.origin)
    host.probes -= 1
    if (isAnswered) move(host, { type: 'answered' })
    else move(host, { type: 'probe-failed', hasLink: link.isUp() })
  }

  /** Resolves when it is known whether the host can be reached, which no answer in time says as well. */
  const judge = (host: Host): Promise<void> => {
    host.verdict ??= (async () => {
      const late = wait(clock, VERDICT_MS, NEVER).then(() => 'late' as const)
      if ((await Promise.race([probeOnce(host), late])) === 'late')
        move(host, { type: 'probe-failed', hasLink: link.isUp() })
      host.verdict = undefined
    })()
    return host.verdict
  }

  /** Probes for as long as somebody waits. */
  const watch = async (host: Host): Promise<void> => {
    if (host.isWatched) return
    host.isWatched = true
    while (host.reach.kind === 'down' && host.waiters.size > 0) {
      const delayMs = backoffMs(PROBE_DELAYS, host.reach.probes, random())
      await wait(clock, delayMs, linkChange.signal).catch(() => undefined)
      void probeOnce(host)
      host.reach = moveReach(host.reach, { type: 'probed' })
    }
    host.isWatched = false
  }

  const untilUp = async (host: Host, signal: AbortSignal): Promise<void> => {
    let resume: () => void = () => undefined
    const isUp = new Promise<void>((resolve) => {
      resume = resolve
    })
    host.waiters.add(resume)
    void watch(host)
    try {
      await untilAborted(isUp, signal)
    } finally {
      host.waiters.delete(resume)
    }
  }

  return {
    isDown: (origin) => (origin === undefined ? !link.isUp() : hosts.get(origin)?.reach.kind === 'down'),
    async ready(origin, signal) {
      const host = hostOf(origin)
      if (isDown(host)) await untilUp(host, signal)
    },
    async outlast(origin, signal) {
      if (origin === undefined) {
        if (link.isUp()) return false
        const change = AbortSignal.any([signal, linkChange.signal])
        await wait(clock, BLIND_WAIT_MS, change).catch(() => signal.throwIfAborted())
        return true
      }
      const host = hostOf(origin)
      if (!isDown(host)) await untilAborted(judge(host), signal)
      if (!isDown(host)) return false
      await untilUp(host, signal)
      return true
    },
    answered(origin) {
      const host = hostOf(origin)
      host.hasAnswered = true
      move(host, { type: 'answered' })
    },
    isSilent(origin) {
      const host = hosts.get(origin)
      return host !== undefined && host.reach.kind === 'up' && !host.hasAnswered
    },
  }
}

function isDown({ reach }: Host): boolean {
  return reach.kind === 'down'
}
