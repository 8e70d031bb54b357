import { GROUPS } from './plan-files.mjs'

/** @typedef {import('@sluice/oss-server').FaultOrder} FaultOrder */
/** @typedef {import('@sluice/oss-server').FaultKind} FaultKind */
/** @typedef {import('@sluice/oss-server').OperationName} OperationName */
/** @typedef {import('./random.mjs').Random} Random */

/** Before the key of every object of the run. */
export const KEY_ROOT = 'chaos/'

const MIB = 1024 ** 2
const MINUTE_MS = 60_000

/** @type {readonly OperationName[]} */
const BODY_OPERATIONS = ['UploadPart', 'UploadPart', 'PutObject']
/** @type {readonly OperationName[]} */
const CONTROL_OPERATIONS = [
  'InitiateMultipartUpload',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'ListParts',
  'HeadObject',
]
/** @type {readonly OperationName[]} */
const CHECKED_OPERATIONS = [...BODY_OPERATIONS, 'CompleteMultipartUpload']
/** Without one an order is about all of them. @type {readonly (OperationName | 'all')[]} */
const ANY_OPERATION = ['all', 'all', 'all', ...BODY_OPERATIONS, ...CONTROL_OPERATIONS]

/**
 * What each kind of fault looks like, and how likely it is for a request of its operation. Several are in force at a
 * time; six attempts are still enough for nearly all requests.
 *
 * @type {{ readonly [K in FaultKind]: (random: Random) => Extract<import('@sluice/oss-server').Fault, { kind: K }> & {
 *   readonly op: OperationName | 'all', readonly probability: number } }}
 */
const FAULTS = {
  status: (random) => ({
    kind: 'status',
    ...random.pick([
      { status: 500, code: 'InternalError' },
      { status: 503, code: 'ServiceUnavailable' },
      { status: 400, code: 'RequestTimeout' },
      { status: 429, code: 'TooManyRequests', headers: { 'retry-after': '1' } },
    ]),
    op: random.pick([...ANY_OPERATION, 'Preflight']),
    probability: random.between(0.03, 0.2),
  }),
  throttled: (random) => ({
    kind: 'throttled',
    qosDelayMs: random.integer(50, 1200),
    op: random.pick(ANY_OPERATION),
    probability: random.between(0.03, 0.2),
  }),
  'expired-token': (random) => ({
    kind: 'expired-token',
    code: random.pick(['SecurityTokenExpired', 'InvalidAccessKeyId', 'InvalidSecurityToken']),
    op: random.pick(ANY_OPERATION),
    probability: random.between(0.03, 0.2),
  }),
  'clock-skew': (random) => ({
    kind: 'clock-skew',
    offsetMs: random.pick([-1, 1]) * random.integer(5 * MINUTE_MS, 120 * MINUTE_MS),
    op: random.pick(ANY_OPERATION),
    probability: random.between(0.02, 0.1),
  }),
  reset: (random) => ({
    kind: 'reset',
    when: random.pick(['before-body', 'during-body', 'after-body']),
    op: random.pick([...ANY_OPERATION, 'Preflight']),
    probability: random.between(0.03, 0.2),
  }),
  stall: (random) => ({
    kind: 'stall',
    when: random.pick(['reading', 'answering']),
    op: random.pick(ANY_OPERATION),
    probability: random.between(0.02, 0.08),
  }),
  // A line so slow that no progress is seen for the time limit would be a stall.
  bandwidth: (random) => ({
    kind: 'bandwidth',
    bytesPerSecond: random.integer(3 * MIB, 10 * MIB),
    op: random.pick(BODY_OPERATIONS),
    probability: random.between(0.2, 0.6),
  }),
  delay: (random) => ({
    kind: 'delay',
    when: random.pick(['request', 'answer']),
    op: random.pick(ANY_OPERATION),
    // Some come after the page has given up.
    ...random.pick([
      { delayMs: random.integer(50, 1500), probability: random.between(0.2, 0.5) },
      { delayMs: random.integer(2000, 8000), probability: random.between(0.02, 0.08) },
    ]),
  }),
  'lost-answer': (random) => ({
    kind: 'lost-answer',
    op: random.pick(ANY_OPERATION),
    ...random.pick([
      { ending: 'reset', probability: random.between(0.03, 0.2) },
      { ending: 'close', probability: random.between(0.03, 0.2) },
      { ending: 'stall', probability: random.between(0.02, 0.08) },
    ]),
  }),
  'truncated-answer': (random) => ({
    kind: 'truncated-answer',
    keepBytes: random.integer(0, 200),
    ...random.pick([
      { http: 'cut', op: random.pick(ANY_OPERATION), probability: random.between(0.03, 0.2) },
      { http: 'valid', op: random.pick(CONTROL_OPERATIONS), probability: random.between(0.02, 0.08) },
    ]),
  }),
  'html-answer': (random) => ({
    kind: 'html-answer',
    status: random.pick([200, 403, 502, 503]),
    effect: random.chance(0.4),
    op: random.pick(ANY_OPERATION),
    probability: random.between(0.03, 0.2),
  }),
  'wrong-etag': (random) => ({
    kind: 'wrong-etag',
    op: random.pick(CHECKED_OPERATIONS),
    probability: random.between(0.03, 0.2),
  }),
  'wrong-crc': (random) => ({
    kind: 'wrong-crc',
    op: random.pick(CHECKED_OPERATIONS),
    probability: random.between(0.03, 0.2),
  }),
  'missing-headers': (random) => ({
    kind: 'missing-headers',
    headers: random.pick([
      ['ETag'],
      ['x-oss-hash-crc64ecma'],
      ['ETag', 'x-oss-hash-crc64ecma'],
      ['x-oss-request-id'],
      ['Access-Control-Expose-Headers'],
      ['Access-Control-Allow-Origin'],
    ]),
    op: random.pick(ANY_OPERATION),
    probability: random.between(0.1, 0.35),
  }),
  'callback-failed': (random) => ({
    kind: 'callback-failed',
    op: random.pick(['PutObject', 'CompleteMultipartUpload']),
    probability: random.between(0.1, 0.5),
  }),
  'corrupt-body': (random) => ({
    kind: 'corrupt-body',
    op: random.pick(BODY_OPERATIONS),
    probability: random.between(0.03, 0.2),
  }),
}

/** All kinds that there are. */
export const FAULT_KINDS = /** @type {readonly FaultKind[]} */ (Object.keys(FAULTS))

/**
 * An order of a kind, for all objects or those of a group.
 *
 * @param {FaultKind} kind
 * @param {Random} random
 * @returns {FaultOrder}
 */
export function planFault(kind, random) {
  const keyPrefix = random.chance(0.5) ? KEY_ROOT : `${KEY_ROOT}${random.pick(GROUPS)}/`
  const { op, ...fault } = FAULTS[kind](random)
  const match = { keyPrefix, seed: random.integer(0, 2 ** 31), ...(op !== 'all' && { op }) }
  return { ...fault, ...match }
}
