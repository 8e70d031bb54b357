import type { Clock } from '../clock/clock.ts'
import { NEVER, untilAborted, wait } from '../clock/wait.ts'
import { backoffMs } from '../retry/retry-policy.ts'
import { isScoutDue, moveReach } from './reach.ts'
import type { Reach, ReachEvent } from './reach.ts'

/** Asks a host for anything at all. Answers whether something came back, also a refusal. Never throws. */
export type Probe = (origin: string, signal: AbortSignal) => Promise<boolean>

/** A request as a CORS rule looks at it. */
export interface CorsQuestion {
  readonly method: string
  readonly url: string
  readonly headerNames: readonly string[]
}

/**
 * Asks whether a CORS rule lets this page send such a request, by sending one that has no effect. Answers true also when
 * that could not be found out.
 */
export type CorsCheck = (question: CorsQuestion, signal: AbortSignal) => Promise<boolean>

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
   * Finds out whether a request got no answer because of an outage, and if so waits for its end, or until it is worth a
   * try.
   *
   * @param origin the host; undefined where it is not known, and only the browser can be asked
   * @param role whether a request waits, which may go ahead to see for itself, or who only watches
   * @returns whether there was an outage
   * @throws `signal.reason` when aborted
   */
  outlast(origin: string | undefined, signal: AbortSignal, role?: WaiterRole): Promise<boolean>
  /** A request was answered. */
  answered(origin: string, method: string): void
  /** Whether the host answers, but has never answered a request of this method. */
  isSilent(origin: string, method: string): boolean
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
 * Probes under way at a time: as many connections as browsers open to a host. Begun one after the other they notice sooner,
 * since a new connection repeats its first packet after 1, 2, 4 … seconds (RFC 6298). (our measurement over a link that goes
 * away for 30 s: 3 s instead of up to 17 s)
 */
const MAX_PROBES = 6

/** An older probe makes room for a new one, in milliseconds: its connection may be dead. */
const OLD_PROBE_MS = 12_000

/** How long is waited where there is nothing to probe, in milliseconds, unless the browser says that it is back. */
const BLIND_WAIT_MS = 30_000

export type WaiterRole = 'request' | 'watcher'

/** Somebody who waits until a host is back. */
interface Waiter {
  readonly role: WaiterRole
  readonly resume: () => void
}

interface Host {
  readonly origin: string
  reach: Reach
  /** When anything last came back. */
  answeredAtMs: number
  /** Methods of which a request was ever answered; a probe's answer is not one. */
  readonly answeredMethods: Set<string>
  /** How many probes are under way. */
  probes: number
  /** The question whether it can be reached, shared by all who ask. */
  verdict: Promise<void> | undefined
  isWatched: boolean
  readonly waiters: Set<Waiter>
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
      answeredAtMs: -Infinity,
      answeredMethods: new Set(),
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
      for (const { resume } of host.waiters) resume()
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

  const noteAnswer = (host: Host): void => {
    host.answeredAtMs = clock.now()
    move(host, { type: 'answered' })
  }
  /** What has failed since then says something; what began before the last answer does not. */
  const noteFailure = (host: Host, beganAtMs: number): void => {
    if (beganAtMs >= host.answeredAtMs) move(host, { type: 'probe-failed', hasLink: link.isUp() })
  }

  const probeOnce = async (host: Host): Promise<void> => {
    const beganAtMs = clock.now()
    const limit = new AbortController()
    const stop = clock.after(OLD_PROBE_MS, () => limit.abort())
    host.probes += 1
    const isAnswered = await probe(host.origin, limit.signal)
    host.probes -= 1
    stop()
    if (isAnswered) noteAnswer(host)
    else noteFailure(host, beganAtMs)
  }

  /** Resolves when it is known whether the host can be reached, which no answer in time says as well. */
  const judge = (host: Host): Promise<void> => {
    host.verdict ??= (async () => {
      const beganAtMs = clock.now()
      const late = wait(clock, VERDICT_MS, NEVER).then(() => 'late' as const)
      if ((await Promise.race([probeOnce(host), late])) === 'late') noteFailure(host, beganAtMs)
      host.verdict = undefined
    })()
    return host.verdict
  }

  /** Looks for as long as somebody waits. */
  const watch = async (host: Host): Promise<void> => {
    if (host.isWatched) return
    host.isWatched = true
    while (host.reach.kind === 'down' && host.waiters.size > 0) {
      const { looks } = host.reach
      const change = linkChange.signal
      await wait(clock, backoffMs(PROBE_DELAYS, looks, random()), change).catch(() => undefined)
      // A word of the browser is a reason to look, however many are under way.
      if (host.probes < MAX_PROBES || change.aborted) void probeOnce(host)
      host.reach = moveReach(host.reach, { type: 'looked' })
      if (isScoutDue(looks)) sendScout(host)
    }
    host.isWatched = false
  }

  /** Lets who has waited longest go ahead. */
  const sendScout = ({ waiters }: Host): void => {
    const first = [...waiters].find(({ role }) => role === 'request')
    if (first === undefined) return
    waiters.delete(first)
    first.resume()
  }

  const untilUp = async (host: Host, signal: AbortSignal, role: WaiterRole): Promise<void> => {
    let resume: () => void = () => undefined
    const isUp = new Promise<void>((resolve) => {
      resume = resolve
    })
    const waiter: Waiter = { role, resume }
    host.waiters.add(waiter)
    void watch(host)
    try {
      await untilAborted(isUp, signal)
    } finally {
      host.waiters.delete(waiter)
    }
  }

  return {
    isDown: (origin) => (origin === undefined ? !link.isUp() : hosts.get(origin)?.reach.kind === 'down'),
    async ready(origin, signal) {
      const host = hostOf(origin)
      if (isDown(host)) await untilUp(host, signal, 'request')
    },
    async outlast(origin, signal, role = 'request') {
      if (origin === undefined) {
        if (link.isUp()) return false
        const change = AbortSignal.any([signal, linkChange.signal])
        await wait(clock, BLIND_WAIT_MS, change).catch(() => signal.throwIfAborted())
        return true
      }
      const host = hostOf(origin)
      if (!isDown(host)) await untilAborted(judge(host), signal)
      if (!isDown(host)) return false
      await untilUp(host, signal, role)
      return true
    },
    answered(origin, method) {
      const host = hostOf(origin)
      host.answeredMethods.add(method)
      noteAnswer(host)
    },
    isSilent(origin, method) {
      const host = hosts.get(origin)
      return host !== undefined && host.reach.kind === 'up' && !host.answeredMethods.has(method)
    },
  }
}

function isDown({ reach }: Host): boolean {
  return reach.kind === 'down'
}
