/**
 * What the application's server does with calls above the quota of the cloud's API.
 *
 * @typedef {object} Throttle
 * @property {number} perSecond calls that the quota allows; Infinity for none
 * @property {number} holdS longest time that a call waits in the queue of the server
 * @property {number} refusalAfterS when a call that would wait longer fails: at once by a 503, or by the engine's time-out
 */

/** @type {Throttle} */
export const UNLIMITED = { perSecond: Infinity, holdS: Infinity, refusalAfterS: 0 }

/**
 * A queue in front of an API with a quota. Who would wait longer than the server holds a call, or the engine waits for it,
 * is refused and uses none of the quota: the server forgets a call whose connection is gone.
 *
 * @param {Throttle} throttle
 */
export function createService({ perSecond, holdS, refusalAfterS }) {
  let freeAtS = 0
  let longestQueue = 0
  return {
    /**
     * @param {number} nowS
     * @returns {{ isGranted: boolean, atS: number }}
     */
    call(nowS) {
      freeAtS = Math.max(freeAtS, nowS)
      const waitS = freeAtS - nowS
      if (waitS > holdS) return { isGranted: false, atS: nowS + refusalAfterS }
      if (waitS > 0) longestQueue = Math.max(longestQueue, Math.ceil(waitS * perSecond))
      freeAtS += 1 / perSecond
      return { isGranted: true, atS: freeAtS }
    },
    longestQueue: () => longestQueue,
  }
}
