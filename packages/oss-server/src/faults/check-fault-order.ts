import { MAX_PART_NUMBER } from '../limits.ts'
import { OPERATION_NAMES, type OperationName } from '../operations/operation.ts'
import {
  boolean,
  breakRule,
  integer,
  listOf,
  nonEmptyText,
  object,
  oneOf,
  optional,
  probability,
  recordOf,
  text,
  type FieldRules,
  type Rule,
} from '../rules/rule.ts'
import type {
  BandwidthFault,
  CallbackFailedFault,
  ClockSkewFault,
  CorruptBodyFault,
  DelayFault,
  ExpiredTokenFault,
  Fault,
  FaultKind,
  FaultMatch,
  FaultOrder,
  HtmlAnswerFault,
  LostAnswerFault,
  MissingHeadersFault,
  ResetFault,
  StallFault,
  StatusFault,
  ThrottledFault,
  TruncatedAnswerFault,
  WrongCrcFault,
  WrongEtagFault,
} from './fault-order.ts'

const times: Rule<number | 'always'> = {
  check: (value, path) => {
    if (value === 'always') return value
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value
    return breakRule(path, "an integer of at least 1 or 'always'", value)
  },
}

const operation: Rule<OperationName> = oneOf(OPERATION_NAMES)

const operations: Rule<OperationName | readonly OperationName[]> = {
  check: (value, path) => (Array.isArray(value) ? listOf(operation) : operation).check(value, path),
}

const matchRules: FieldRules<FaultMatch> = {
  op: optional(operations),
  bucket: optional(nonEmptyText),
  key: optional(nonEmptyText),
  keyPrefix: optional(text),
  partNumber: optional(integer(1, MAX_PART_NUMBER)),
  attempt: optional(integer(1)),
  times: optional(times),
  count: optional(oneOf(['together', 'each'])),
  probability: optional(probability),
  seed: optional(integer(0)),
}

function kind<const K extends FaultKind>(name: K): Rule<K> {
  return oneOf([name])
}

/** Rules of each kind. A kind without its rules does not compile. */
const RULES: { readonly [K in FaultKind]: Rule<FaultMatch & Extract<Fault, { readonly kind: K }>> } = {
  status: object<FaultMatch & StatusFault>({
    ...matchRules,
    kind: kind('status'),
    status: integer(300, 599),
    code: nonEmptyText,
    message: optional(text),
    ec: optional(nonEmptyText),
    headers: optional(recordOf(text)),
  }),
  throttled: object<FaultMatch & ThrottledFault>({
    ...matchRules,
    kind: kind('throttled'),
    qosDelayMs: integer(0),
    code: optional(nonEmptyText),
  }),
  'expired-token': object<FaultMatch & ExpiredTokenFault>({
    ...matchRules,
    kind: kind('expired-token'),
    code: optional(oneOf(['SecurityTokenExpired', 'InvalidAccessKeyId', 'InvalidSecurityToken'])),
  }),
  'clock-skew': object<FaultMatch & ClockSkewFault>({
    ...matchRules,
    kind: kind('clock-skew'),
    offsetMs: integer(Number.MIN_SAFE_INTEGER),
  }),
  reset: object<FaultMatch & ResetFault>({
    ...matchRules,
    kind: kind('reset'),
    when: oneOf(['before-body', 'during-body', 'after-body']),
    afterBytes: optional(integer(0)),
  }),
  stall: object<FaultMatch & StallFault>({
    ...matchRules,
    kind: kind('stall'),
    when: oneOf(['reading', 'answering']),
    afterBytes: optional(integer(0)),
  }),
  bandwidth: object<FaultMatch & BandwidthFault>({
    ...matchRules,
    kind: kind('bandwidth'),
    bytesPerSecond: integer(1),
  }),
  delay: object<FaultMatch & DelayFault>({
    ...matchRules,
    kind: kind('delay'),
    delayMs: integer(0),
    when: optional(oneOf(['request', 'answer'])),
  }),
  'lost-answer': object<FaultMatch & LostAnswerFault>({
    ...matchRules,
    kind: kind('lost-answer'),
    ending: optional(oneOf(['reset', 'close', 'stall'])),
  }),
  'truncated-answer': object<FaultMatch & TruncatedAnswerFault>({
    ...matchRules,
    kind: kind('truncated-answer'),
    keepBytes: integer(0),
    http: optional(oneOf(['cut', 'valid'])),
  }),
  'html-answer': object<FaultMatch & HtmlAnswerFault>({
    ...matchRules,
    kind: kind('html-answer'),
    status: optional(integer(200, 599)),
    effect: optional(boolean),
  }),
  'wrong-etag': object<FaultMatch & WrongEtagFault>({ ...matchRules, kind: kind('wrong-etag') }),
  'wrong-crc': object<FaultMatch & WrongCrcFault>({ ...matchRules, kind: kind('wrong-crc') }),
  'missing-headers': object<FaultMatch & MissingHeadersFault>({
    ...matchRules,
    kind: kind('missing-headers'),
    headers: listOf(nonEmptyText),
  }),
  'callback-failed': object<FaultMatch & CallbackFailedFault>({
    ...matchRules,
    kind: kind('callback-failed'),
  }),
  'corrupt-body': object<FaultMatch & CorruptBodyFault>({ ...matchRules, kind: kind('corrupt-body') }),
}

function isFaultKind(value: unknown): value is FaultKind {
  return typeof value === 'string' && Object.hasOwn(RULES, value)
}

/**
 * Checks an order that came from outside.
 *
 * @throws RuleError naming the field and its rule, for unknown fields too
 */
export function checkFaultOrder(order: unknown): FaultOrder {
  if (typeof order !== 'object' || order === null) return breakRule('a fault order', 'an object', order)
  const given: unknown = 'kind' in order ? order.kind : undefined
  if (!isFaultKind(given)) return breakRule('kind', `one of ${Object.keys(RULES).join(', ')}`, given)
  return RULES[given].check(order, '')
}
