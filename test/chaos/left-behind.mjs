/** @typedef {import('./local-oss.mjs').LoggedRequest} LoggedRequest */

/** An Initiate that was answered so shortly before the page or the line went is one whose answer may have been lost. */
const UNDER_WAY_MS = 500

/** Faults that keep the id of a new upload from the page. */
const HIDING = new Set([
  'lost-answer',
  'truncated-answer',
  'html-answer',
  'missing-headers',
  'delay',
  'stall',
  'reset',
])

/**
 * An upload that is still open on the service.
 *
 * @typedef {object} OpenUpload
 * @property {string} key
 * @property {string} uploadId
 * @property {number} parts
 */

/**
 * Tells the uploads that should not be open from those that nobody can know of: their Initiate took effect, and the
 * answer with the id never reached the page. The service purges those in time.
 *
 * @param {readonly OpenUpload[]} open
 * @param {readonly LoggedRequest[]} requests
 * @param {import('./make-trouble.mjs').TroubleLog} troubles
 * @returns {{ leftBehind: readonly OpenUpload[], unknowable: readonly OpenUpload[] }}
 */
export function sortOpenUploads(open, requests, troubles) {
  const unknowable = open.filter(({ key, uploadId, parts }) => {
    // A proxy's page in place of the answer hides the id from the log as well.
    const about = requests.filter(
      (request) =>
        request.uploadId === uploadId ||
        (request.key === key && request.op === 'InitiateMultipartUpload' && request.uploadId === ''),
    )
    const isNeverNamed = about.every(({ op }) => op === 'InitiateMultipartUpload')
    return parts === 0 && isNeverNamed && about.some((request) => wasAnswerLost(request, troubles))
  })
  return { leftBehind: open.filter((upload) => !unknowable.includes(upload)), unknowable }
}

/**
 * @param {LoggedRequest} request
 * @param {import('./make-trouble.mjs').TroubleLog} troubles
 */
function wasAnswerLost({ aborted, faults, cameMs }, { outages, kills, reloads }) {
  if (aborted || faults.some((kind) => HIDING.has(kind))) return true
  const untilMs = cameMs + UNDER_WAY_MS
  return [...outages, ...kills, ...reloads].some(({ fromMs, toMs }) => fromMs <= untilMs && toMs >= cameMs)
}
