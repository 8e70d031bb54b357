import { createRandom } from '../chaos/random.mjs'

const MIB = 1024 ** 2
const MBIT = 1e6 / 8

/**
 * @typedef {object} Browser
 * @property {number} atS when it begins, in seconds
 * @property {number} bytesPerSecond of its uplink
 * @property {readonly number[]} fileSizes in bytes; all are sent at the same time
 *
 * @typedef {'deadline' | 'day' | 'outage'} Arrival
 */

/** Upload speeds in Mbit/s, and how many of a hundred browsers have them. An assumption. */
export const LINKS = [
  { mbit: 2, percent: 10 },
  { mbit: 5, percent: 20 },
  { mbit: 10, percent: 30 },
  { mbit: 30, percent: 25 },
  { mbit: 100, percent: 15 },
]

/** Files that a browser sends, and how many of a hundred browsers do. An assumption; the engine sends six at a time. */
export const FILES = [
  { count: 1, percent: 70 },
  { count: 2, percent: 20 },
  { count: 6, percent: 10 },
]

/** Sizes of files: a lognormal distribution, as videos have. An assumption. */
export const SIZES = { medianBytes: 100 * MIB, sigma: 1, mostBytes: 4096 * MIB }

/** When browsers begin. */
export const SPANS_S = { deadline: 600, day: 86_400, outage: 3 }

/** The outage before which all were uploading, in seconds. */
const OUTAGE_S = 60

/**
 * @param {object} options
 * @param {Arrival} options.arrival
 * @param {number} options.count
 * @param {number} options.seed
 * @returns {Browser[]}
 */
export function planPopulation({ arrival, count, seed }) {
  const times = createRandom(seed, 'arrivals')
  const links = createRandom(seed, 'links')
  const files = createRandom(seed, 'files')
  return Array.from({ length: count }, () => ({
    atS: arrivalTime(arrival, times),
    bytesPerSecond: pickByPercent(LINKS, links).mbit * MBIT,
    // After an outage a random share of the file is still to be sent.
    fileSizes: Array.from({ length: pickByPercent(FILES, files).count }, () =>
      Math.ceil(drawSize(files) * (arrival === 'outage' ? files.next() : 1)),
    ),
  }))
}

/**
 * Independent of each other, so that what is left of the numbers in one second is Poisson's.
 *
 * @param {Arrival} arrival
 * @param {import('../chaos/random.mjs').Random} random
 * @returns {number} in seconds
 */
export function arrivalTime(arrival, random) {
  const spanS = SPANS_S[arrival]
  if (arrival === 'deadline') return random.between(0, spanS)
  if (arrival === 'outage') return OUTAGE_S + random.between(0, spanS)
  // Busiest at 20 o'clock, with nearly nobody twelve hours earlier.
  for (;;) {
    const atS = random.between(0, spanS)
    const busyness = (1 + 0.9 * Math.cos(2 * Math.PI * (atS / spanS - 20 / 24))) / 1.9
    if (random.chance(busyness)) return atS
  }
}

/** @param {import('../chaos/random.mjs').Random} random */
function drawSize(random) {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  return Math.min(SIZES.mostBytes, SIZES.medianBytes * Math.exp(SIZES.sigma * normal))
}

/**
 * @template {{ percent: number }} T
 * @param {readonly T[]} list
 * @param {import('../chaos/random.mjs').Random} random
 */
function pickByPercent(list, random) {
  let rest = random.between(0, 100)
  for (const item of list) {
    rest -= item.percent
    if (rest < 0) return item
  }
  throw new Error('The percentages are less than a hundred')
}
