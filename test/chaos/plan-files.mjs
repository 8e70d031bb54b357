import { createRandom } from './random.mjs'

const KIB = 1024
const MIB = 1024 ** 2

/** Beginnings of keys: an order of faults for one group leaves the others alone. */
export const GROUPS = ['a', 'b', 'c', 'd']

/** The smallest part size of the service, in bytes. */
const LEAST_PART_BYTES = 100 * KIB
/** What is sent without `partSizeBytes` in parts of 8 MiB today; the edges around it are worth a look in any case. */
const DEFAULT_PART_BYTES = 8 * MIB
const MOST_FILE_BYTES = 48 * MIB
/** Parts of a planned file at most: each costs a preflight. */
const MOST_PARTS = 120

/**
 * Something that is done to an upload, once it has sent a share of its bytes.
 *
 * @typedef {object} PlannedAction
 * @property {'pause' | 'cancel'} kind
 * @property {number} atShare from 0 to 1
 * @property {number} forMs how long a pause lasts
 */

/**
 * A file, what is done to its upload, and where its credentials come from.
 *
 * @typedef {object} PlannedFile
 * @property {number} index
 * @property {string} name
 * @property {string} group
 * @property {number} sizeBytes
 * @property {number} bytesSeed of its bytes
 * @property {number | undefined} partSizeBytes that the application forces
 * @property {readonly PlannedAction[]} actions
 * @property {{ form: 'vod' | 'plain', ttlSeconds: number, expiration: 'date' | 'seconds' }} credentials
 * @property {'AccessDenied' | 'InvalidArgument' | undefined} doom what the service answers to all of its requests
 */

/**
 * A file of the plan. There is no last one: a run takes as many as its time allows.
 *
 * @param {number} seed of the run
 * @param {number} index from 0
 * @returns {PlannedFile}
 */
export function planFile(seed, index) {
  const random = createRandom(seed, `file ${index}`)
  const name = `file-${String(index).padStart(5, '0')}.mp4`
  const group = random.pick(GROUPS)
  const { sizeBytes, partSizeBytes } = planSizes(random)
  const doomed = random.next()
  return {
    index,
    name,
    group,
    sizeBytes,
    bytesSeed: random.integer(1, 2 ** 31),
    partSizeBytes,
    actions: planActions(random),
    credentials: {
      form: random.pick(['vod', 'plain']),
      ttlSeconds: random.integer(3, 9),
      expiration: random.pick(['date', 'seconds']),
    },
    doom: doomed < 0.015 ? 'AccessDenied' : doomed < 0.03 ? 'InvalidArgument' : undefined,
  }
}

/**
 * @param {import('./random.mjs').Random} random
 * @returns {Pick<PlannedFile, 'sizeBytes' | 'partSizeBytes'>}
 */
function planSizes(random) {
  switch (random.pick(['empty', 'tiny', 'small', 'small', 'edge', 'edge', 'edge', 'default-edge', 'any'])) {
    case 'empty':
      return { sizeBytes: 0, partSizeBytes: undefined }
    case 'tiny':
      return { sizeBytes: random.integer(1, 3), partSizeBytes: undefined }
    case 'small':
      return { sizeBytes: random.integer(4, 400 * KIB), partSizeBytes: LEAST_PART_BYTES }
    case 'edge': {
      const partSizeBytes = random.pick([LEAST_PART_BYTES, 128 * KIB, 256 * KIB, MIB, 3 * MIB + 7])
      const most = Math.min(MOST_PARTS, Math.floor((MOST_FILE_BYTES - 1) / partSizeBytes))
      // Few parts as often as many.
      const parts = Math.round(most ** random.next())
      return { sizeBytes: parts * partSizeBytes + random.integer(-1, 1), partSizeBytes }
    }
    case 'default-edge':
      return {
        sizeBytes: random.integer(1, 2) * DEFAULT_PART_BYTES + random.integer(-1, 1),
        partSizeBytes: undefined,
      }
    default:
      return { sizeBytes: Math.round(MOST_FILE_BYTES ** random.next()), partSizeBytes: undefined }
  }
}

/**
 * @param {import('./random.mjs').Random} random
 * @returns {readonly PlannedAction[]}
 */
function planActions(random) {
  /** @type {PlannedAction[]} */
  const actions = []
  const atShare = random.next()
  if (random.chance(0.2)) actions.push({ kind: 'pause', atShare, forMs: random.integer(0, 2500) })
  if (random.chance(0.05)) {
    actions.push({ kind: 'pause', atShare: random.between(atShare, 1), forMs: random.integer(0, 500) })
  }
  // Some are canceled at once, before anything was sent.
  if (random.chance(0.08))
    actions.push({ kind: 'cancel', atShare: random.pick([0, random.next()]), forMs: 0 })
  return actions
}
