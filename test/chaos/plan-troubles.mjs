import { createRandom } from './random.mjs'
import { FAULT_KINDS, planFault } from './plan-fault.mjs'

/**
 * Something that goes wrong beside the files, from a moment of the run on, for a while.
 *
 * - `fault`: the service misbehaves as ordered.
 * - `outage`: the service cannot be reached: connections are refused, or swallowed, or all open ones are cut once.
 * - `credentials`: the application's server refuses to give credentials, or gives them too late.
 * - `kill-worker`: an uncaught error in the worker that was started last, or in the oldest that lives.
 * - `reload`: the page is reloaded; the files that were on their way are handed over again.
 *
 * @typedef {{ readonly atMs: number, readonly forMs: number } & (
 *   | { readonly kind: 'fault', readonly order: import('@sluice/oss-server').FaultOrder }
 *   | { readonly kind: 'outage', readonly how: 'refuse' | 'swallow' | 'cut' }
 *   | { readonly kind: 'credentials', readonly how: 'refuse' | 'late', readonly probability: number }
 *   | { readonly kind: 'kill-worker', readonly which: 'newest' | 'oldest' }
 *   | { readonly kind: 'reload' }
 * )} Trouble
 */

/** Orders of faults begin so long after each other, in milliseconds, and hold so long: about eight hold at a time. */
const FAULT_EVERY_MS = [200, 800]
const FAULT_LASTS_MS = [2000, 6000]

/** Mean time between two of the other troubles of a kind, in milliseconds; in short runs there are three of each. */
const RARE_EVERY_MS = 18_000
const RARE_AT_LEAST = 3

/**
 * All troubles of a run in the order of their beginnings.
 *
 * @param {number} seed
 * @param {number} durationMs
 * @returns {readonly Trouble[]}
 */
export function planTroubles(seed, durationMs) {
  const rare = createRandom(seed, 'rare troubles')
  /** @type {Trouble[]} */
  const troubles = planFaults(createRandom(seed, 'faults'), durationMs)
  const everyMs = Math.min(RARE_EVERY_MS, durationMs / RARE_AT_LEAST)
  /** @type {readonly ('refuse' | 'swallow' | 'cut')[]} */
  const outages = ['refuse', 'swallow', 'cut']
  /** @type {readonly ('newest' | 'oldest')[]} */
  const victims = ['newest', 'oldest', 'newest']
  const hows = deal(rare, outages)
  const whiches = deal(rare, victims)
  for (let fromMs = 0; fromMs + everyMs <= durationMs; fromMs += everyMs) {
    const at = () => fromMs + rare.between(0.1, 0.9) * everyMs
    troubles.push(
      {
        kind: 'outage',
        how: hows(),
        atMs: at(),
        forMs: rare.integer(300, 3500),
      },
      {
        kind: 'credentials',
        how: rare.pick(['refuse', 'refuse', 'late']),
        probability: rare.between(0.1, 0.6),
        atMs: at(),
        forMs: rare.integer(300, 1500),
      },
      { kind: 'kill-worker', which: whiches(), atMs: at(), forMs: 0 },
      { kind: 'reload', atMs: at(), forMs: 0 },
    )
  }
  return troubles.sort((a, b) => a.atMs - b.atMs)
}

/**
 * Deals like cards: each comes once before any comes again.
 *
 * @template T
 * @param {import('./random.mjs').Random} random
 * @param {readonly T[]} cards
 * @returns {() => T}
 */
function deal(random, cards) {
  /** @type {T[]} */
  let deck = []
  return () => {
    if (deck.length === 0) deck = random.shuffle(cards)
    return random.pick(deck.splice(0, 1))
  }
}

/**
 * @param {import('./random.mjs').Random} random
 * @param {number} durationMs
 * @returns {Trouble[]}
 */
function planFaults(random, durationMs) {
  /** @type {Trouble[]} */
  const troubles = []
  const kinds = deal(random, FAULT_KINDS)
  const [soonestMs = 0, latestMs = 0] = FAULT_EVERY_MS
  const [shortestMs = 0, longestMs = 0] = FAULT_LASTS_MS
  for (let atMs = 0; atMs < durationMs; atMs += random.integer(soonestMs, latestMs)) {
    const forMs = random.integer(shortestMs, longestMs)
    troubles.push({ kind: 'fault', order: planFault(kinds(), random), atMs, forMs })
  }
  return troubles
}
