/**
 * A link to measure on.
 *
 * @typedef {object} Link
 * @property {string} name for `--link`
 * @property {number} mbitPerSecond rate each way, of IP packets
 * @property {number} rttMs without queueing
 * @property {number} lossPercent packets lost at random, each way
 * @property {number} queueMs longest time that a packet waits for the line; what would wait longer is dropped
 * @property {{ everyS: number, lastsS: number } | undefined} outage packets are swallowed both ways in the last seconds
 *   of each period
 * @property {number} mib size of the file, so that a run takes 20 to 90 s
 */

/** @type {readonly Link[]} */
export const LINKS = [
  link({ name: 'lossy', mbitPerSecond: 50, rttMs: 80, lossPercent: 0.1, mib: 64 }),
  link({ name: 'slow', mbitPerSecond: 5, rttMs: 300, mib: 24 }),
  link({ name: 'fast', mbitPerSecond: 100, rttMs: 50, mib: 256 }),
  link({ name: 'outage', mbitPerSecond: 20, rttMs: 50, outage: { everyS: 60, lastsS: 30 }, mib: 96 }),
]

/**
 * The link in words.
 *
 * @param {Link} link
 */
export function describeLink({ name, mbitPerSecond, rttMs, lossPercent, queueMs, outage }) {
  const loss = lossPercent === 0 ? '' : `, ${lossPercent} % loss`
  const away = outage === undefined ? '' : `, away for ${outage.lastsS} s of each ${outage.everyS} s`
  return `${name}: ${mbitPerSecond} Mbit/s, ${rttMs} ms${loss}${away}, queue of ${queueMs} ms`
}

/**
 * The queue holds what is under way in one round trip, as is usual for a router, and not less than 100 ms.
 *
 * @param {Pick<Link, 'name' | 'mbitPerSecond' | 'rttMs' | 'mib'> & Partial<Link>} given
 * @returns {Link}
 */
function link(given) {
  return { lossPercent: 0, outage: undefined, queueMs: Math.max(100, given.rttMs), ...given }
}
