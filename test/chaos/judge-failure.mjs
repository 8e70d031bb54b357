/** @typedef {import('./local-oss.mjs').LoggedRequest} LoggedRequest */
/** @typedef {import('./make-trouble.mjs').Span} Span */

/** Attempts of one request before a failure that may pass is final: the default of `maxAttempts`. */
const ATTEMPTS = 6
/** A request and its repetitions with newer credentials or a corrected clock, before that refusal is final. */
const REMEDIED_ATTEMPTS = 4
/** Longest time between a failure's cause and its being told: the time limits of the page, and some work. */
const TOLD_WITHIN_MS = 8000
/** Six attempts take so long at most: their time limits of 4 s, and waits of up to 15.5 s in all. */
const ATTEMPTS_LAST_MS = 40_000
/** A connection that is silent costs the page so long. */
const SILENCE_MS = 4000

const STALE = new Set([
  'SecurityTokenExpired',
  'InvalidSecurityToken',
  'InvalidAccessKeyId',
  'RequestTimeTooSkewed',
])
const PASSING = new Set(['RequestTimeout', 'IncompleteBody', 'InvalidDigest', 'InvalidCRC64', 'BadRequest'])
/** Faults that are answered by a refusal; a broken body is one where the service has to understand it. */
const REFUSING = ['status', 'corrupt-body']
/** Faults after which the client cannot take an answer for good, though its status says so. */
const SPOILING = new Set([
  'wrong-crc',
  'corrupt-body',
  'missing-headers',
  'truncated-answer',
  'html-answer',
  'lost-answer',
  'delay',
])

/**
 * What is known about the time of a failed upload.
 *
 * @typedef {object} Evidence
 * @property {number} fromMs the upload was handed over
 * @property {number} toMs it failed
 * @property {readonly LoggedRequest[]} requests about the file's keys, from then to then
 * @property {import('./make-trouble.mjs').TroubleLog['outages']} outages
 * @property {readonly Span[]} kills
 * @property {readonly number[]} denialsMs credentials that were refused for this file
 */

/**
 * Whether a failure was truly final: a refusal that no repetition mends, or one that may pass, but did not pass often
 * enough. Judged by what the service logged and by what was done to the line, never by the error alone.
 *
 * @param {import('./page/reports.ts').ErrorReport} error
 * @param {Evidence} evidence
 * @returns {string | undefined} why it was not; undefined when it was
 */
export function judgeFailure(error, evidence) {
  switch (error.code) {
    case 'SERVICE_ERROR':
      return judgeRefusal(error, evidence)
    case 'CREDENTIALS_FAILED':
      return evidence.denialsMs.some((ms) => isWithin(ms, evidence.fromMs, evidence.toMs))
        ? undefined
        : 'no credentials were refused'
    case 'WORKER_CRASHED':
    case 'WORKER_FAILED':
      return evidence.kills.some((kill) =>
        isWithin(kill.fromMs, evidence.toMs - TOLD_WITHIN_MS, evidence.toMs),
      )
        ? undefined
        : 'no worker was killed'
    case 'RESPONSE_INVALID':
      return evidence.requests.some(({ faults }) => hasAny(faults, ['truncated-answer', 'html-answer']))
        ? undefined
        : 'no answer was broken'
    case 'CHECKSUM_MISMATCH':
      // The object is there and cannot be put together again: the first mismatch is the last.
      return isCompleteSpoiled(evidence) ? undefined : judgeAttempts(evidence)
    case 'NETWORK':
    case 'TIMEOUT':
      return judgeAttempts(evidence)
    default:
      return `nothing that was done leads to ${error.code === '' ? error.name : error.code}`
  }
}

/**
 * @param {import('./page/reports.ts').ErrorReport} error
 * @param {Evidence} evidence
 */
function judgeRefusal({ status = 0, serviceCode = '', requestId = '' }, evidence) {
  const answer =
    evidence.requests.find((request) => request.requestId === requestId) ??
    // Where the answer's headers are hidden the error does not know its request.
    evidence.requests.findLast((request) => request.status === status)
  if (answer === undefined) return `the service did not answer ${status} ${serviceCode}`
  const code = serviceCode === '' ? answer.code : serviceCode
  const same = failuresOfSameRequest(evidence.requests, answer)
  if (STALE.has(code)) {
    const refusals = same.filter((request) => STALE.has(request.code)).length
    return refusals >= REMEDIED_ATTEMPTS ? undefined : `credentials were refused ${refusals} times only`
  }
  if (status >= 500 || status === 408 || status === 429 || PASSING.has(code)) return judgeAttempts(evidence)
  return hasAny(answer.faults, REFUSING) ? undefined : `${status} ${code} was no fault that was ordered`
}

/**
 * Enough attempts of one request failed on the service, or on the way to it; and the last of them just now.
 *
 * @param {Evidence} evidence
 */
function judgeAttempts({ requests, outages, fromMs, toMs }) {
  const failures = requests.filter(isFailure)
  const most = Math.max(0, ...failures.map((request) => failuresOfSameRequest(requests, request).length))
  const lost = outages
    .filter(
      ({ fromMs: outMs, toMs: backMs }) =>
        outMs <= toMs && backMs >= Math.max(fromMs, toMs - ATTEMPTS_LAST_MS),
    )
    .reduce((sum, outage) => sum + attemptsLostIn(outage), 0)
  if (most + lost < ATTEMPTS)
    return `no request failed more than ${most} times, and ${lost} on the way at most`
  const isLastKnown =
    failures.some(({ cameMs }) => isWithin(cameMs, toMs - TOLD_WITHIN_MS, toMs)) ||
    outages.some((outage) => outage.fromMs <= toMs && outage.toMs >= toMs - TOLD_WITHIN_MS)
  return isLastKnown ? undefined : 'nothing had failed when it gave up'
}

/**
 * How many attempts of one request an outage can have cost: those that nobody logged.
 *
 * @param {import('./make-trouble.mjs').TroubleLog['outages'][number]} outage
 */
function attemptsLostIn({ how, fromMs, toMs }) {
  if (how === 'cut') return 1
  if (how === 'swallow') return 1 + Math.ceil((toMs - fromMs) / SILENCE_MS)
  return ATTEMPTS
}

/** @param {Evidence} evidence */
function isCompleteSpoiled({ requests }) {
  return requests.some(({ op, faults }) => op === 'CompleteMultipartUpload' && faults.includes('wrong-crc'))
}

/**
 * A preflight that fails is a failed attempt of what it was sent for.
 *
 * @param {readonly LoggedRequest[]} requests
 * @param {LoggedRequest} one
 */
function failuresOfSameRequest(requests, one) {
  return requests.filter(
    (request) =>
      isFailure(request) &&
      request.key === one.key &&
      request.partNumber === one.partNumber &&
      (request.op === one.op || request.op === 'Preflight' || one.op === 'Preflight'),
  )
}

/** @param {LoggedRequest} request */
function isFailure({ status, aborted, faults }) {
  return aborted || status < 200 || status >= 300 || faults.some((kind) => SPOILING.has(kind))
}

/**
 * @param {readonly string[]} list
 * @param {readonly string[]} wanted
 */
function hasAny(list, wanted) {
  return wanted.some((item) => list.includes(item))
}

/**
 * @param {number} ms
 * @param {number} fromMs
 * @param {number} toMs
 */
function isWithin(ms, fromMs, toMs) {
  return ms >= fromMs && ms <= toMs
}
