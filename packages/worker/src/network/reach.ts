/**
 * Whether a host can be reached, as far as is known.
 *
 * - `unknown`: it has never answered. A wrong address looks like this for ever, so it is no reason to wait.
 * - `up`: it has answered.
 * - `down`: it had answered, or the browser has no network, and nothing reaches it now. Waiting costs nothing.
 */
export type Reach =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'up' }
  | {
      readonly kind: 'down'
      /** Whether it had ever answered before. */
      readonly hadAnswered: boolean
      /** How often has been looked whether it is back. */
      readonly looks: number
    }

export type ReachEvent =
  /** Anything came back from it, also a refusal. */
  | { readonly type: 'answered' }
  /** A probe got no answer, or not in time; `hasLink` is what the browser says of the network. */
  | { readonly type: 'probe-failed'; readonly hasLink: boolean }
  /** It is being looked whether it is back. */
  | { readonly type: 'looked' }
  /** The browser says that the network is gone. */
  | { readonly type: 'link-lost' }

/** The one function that moves what is known of a host. */
export function moveReach(reach: Reach, event: ReachEvent): Reach {
  switch (event.type) {
    case 'answered':
      return reach.kind === 'up' ? reach : { kind: 'up' }
    case 'probe-failed':
      if (reach.kind === 'up') return { kind: 'down', hadAnswered: true, looks: 1 }
      // A host that only the missing network was blamed for is a wrong address like any other once there is one.
      if (event.hasLink) return reach.kind === 'down' && reach.hadAnswered ? reach : { kind: 'unknown' }
      return reach.kind === 'down' ? reach : { kind: 'down', hadAnswered: false, looks: 1 }
    case 'looked':
      return reach.kind === 'down' ? { ...reach, looks: reach.looks + 1 } : reach
    case 'link-lost':
      return reach.kind === 'up' ? { kind: 'down', hadAnswered: true, looks: 1 } : reach
    default:
      return event satisfies never
  }
}

/** After so many looks in vain one request is let through: probes may be what does not come through, not requests. */
const LOOKS_PER_SCOUT = 5

/** Whether a request that waits goes ahead to see for itself: at the 5th, 10th, 20th, 40th … look. */
export function isScoutDue(looks: number): boolean {
  const rounds = looks / LOOKS_PER_SCOUT
  return rounds >= 1 && Number.isInteger(Math.log2(rounds))
}
