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
  | { readonly kind: 'down'; readonly probes: number }

export type ReachEvent =
  /** Anything came back from it, also a refusal. */
  | { readonly type: 'answered' }
  /** A probe got no answer, or not in time; `hasLink` is what the browser says of the network. */
  | { readonly type: 'probe-failed'; readonly hasLink: boolean }
  /** A probe was sent; it may be answered when the host is back. */
  | { readonly type: 'probed' }
  /** The browser says that the network is gone. */
  | { readonly type: 'link-lost' }

/** The one function that moves what is known of a host. */
export function moveReach(reach: Reach, event: ReachEvent): Reach {
  switch (event.type) {
    case 'answered':
      return reach.kind === 'up' ? reach : { kind: 'up' }
    case 'probe-failed':
      if (reach.kind === 'unknown' && event.hasLink) return reach
      return reach.kind === 'down' ? reach : { kind: 'down', probes: 1 }
    case 'probed':
      return reach.kind === 'down' ? { kind: 'down', probes: reach.probes + 1 } : reach
    case 'link-lost':
      return reach.kind === 'up' ? { kind: 'down', probes: 1 } : reach
    default:
      return event satisfies never
  }
}
