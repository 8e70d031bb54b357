/**
 * @typedef {object} Scenario
 * @property {string} id
 * @property {string} title
 * @property {string} about what is done, for the reader of the tables
 * @property {Readonly<Record<string, number>>} files name to size in bytes, in the order of the list
 * @property {'adding too' | 'traces it leaves in the page'} [shows] left out: all but the calls of `addFile`
 * @property {(stage: import('../stage.mjs').Stage) => Promise<void>} play
 * @property {readonly import('../differences.mjs').Intended[]} intended
 */

export const MIB = 1024 ** 2
export const KIB = 1024
/** What both send with one PutObject. */
export const SMALL = 50 * KIB

/** A link on which parts take two seconds, but for the first three. */
export const SLOW_FROM_FOURTH = /** @type {const} */ ({
  kind: 'bandwidth',
  op: 'UploadPart',
  bytesPerSecond: MIB / 2,
  attempt: 4,
  times: 'always',
})
