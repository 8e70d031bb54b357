import { LINKS } from './population.mjs'
import { countRequests } from './simulate.mjs'

const MIB = 1024 ** 2

/** Bodies that the engine sends at a time for one file, `parallelParts` when the application sets none. */
const PARALLEL_PARTS = 5

/** A request without a body over a near way, in milliseconds. */
const CONTROL_MS = 50

/**
 * Requests that so many bytes a second are. A browser asks before each of them (OPTIONS), since each has a URL of its own.
 *
 * @param {Pick<import('./engine.mjs').Engine, 'planUpload'>} engine
 * @param {object} load
 * @param {readonly number[]} load.fileSizes in bytes
 * @param {number} load.bytesPerSecond
 * @param {number} load.partSizeBytes
 */
export function requestsPerSecond(engine, { fileSizes, bytesPerSecond, partSizeBytes }) {
  let [requests, bytes] = [0, 0]
  for (const sizeBytes of fileSizes) {
    requests += 2 * countRequests(engine, sizeBytes, partSizeBytes)
    bytes += sizeBytes
  }
  return (requests / bytes) * bytesPerSecond
}

/**
 * The part size that the engine comes to on each link, when that is all that limits it.
 *
 * @param {Pick<import('./engine.mjs').Engine, 'choosePartSize'>} engine
 */
export function partSizes({ choosePartSize }) {
  return LINKS.map(({ mbit }) => {
    const bytesPerSecond = (mbit * 1e6) / 8 / PARALLEL_PARTS
    return { mbit, partMib: choosePartSize(8 * MIB, bytesPerSecond, CONTROL_MS) / MIB }
  })
}
