import { accessDenied, entityTooLarge, entityTooSmall, invalidPolicy } from '../http/errors.ts'
import { OssError } from '../http/oss-error.ts'

/** What the form of a PostObject has to be like (page PostObject, appendix Policy). */
export interface PostPolicy {
  readonly expiresAtMs: number
  readonly conditions: readonly FieldCondition[]
  /** Least and largest file, both inclusive, of each `content-length-range`. */
  readonly sizeRanges: readonly (readonly [minBytes: number, maxBytes: number])[]
}

/** One condition on one field. */
export interface FieldCondition {
  readonly operator: 'eq' | 'starts-with' | 'in' | 'not-in'
  /** Lower case, without `$`. */
  readonly field: string
  /** One for `eq` and `starts-with`. */
  readonly values: readonly string[]
}

/**
 * Reads the policy of a form.
 *
 * @param base64 the field `policy`
 * @throws OssError InvalidPolicyDocument
 */
export function parsePostPolicy(base64: string): PostPolicy {
  const document = parseDocument(base64)
  if (!isObject(document)) throw invalidPolicy('Invalid JSON: { expected')
  const { expiration, conditions } = document
  const expiresAtMs = readExpiration(expiration)
  if (!Array.isArray(conditions)) throw invalidPolicy("Invalid 'conditions' value: must be a list.")
  if (conditions.length === 0) throw invalidSimpleCondition()
  const items: readonly unknown[] = conditions
  const parsed = items.map(readCondition)
  return {
    expiresAtMs,
    conditions: parsed.flatMap((condition) => (condition.kind === 'field' ? condition.condition : [])),
    sizeRanges: parsed.flatMap((condition) => (condition.kind === 'size' ? [condition.range] : [])),
  }
}

/**
 * Checks the fields of a form against its policy.
 *
 * @param valueOf value of a field by its lower-case name, `undefined` when the form has none
 * @throws OssError AccessDenied
 */
export function checkPostPolicy(
  { expiresAtMs, conditions }: PostPolicy,
  valueOf: (field: string) => string | undefined,
  nowMs: number,
): void {
  if (expiresAtMs < nowMs) throw accessDenied('Invalid according to Policy: Policy expired.')
  const failed = conditions.find((condition) => !holds(condition, valueOf(condition.field)))
  if (failed !== undefined) throw conditionFailed(failed)
}

/**
 * Passes a file on while it is as long as its policy allows.
 *
 * @throws OssError EntityTooLarge as soon as it is longer, EntityTooSmall at its end
 */
export async function* withinSizeRanges(
  chunks: AsyncIterable<Buffer>,
  { sizeRanges }: PostPolicy,
): AsyncGenerator<Buffer, void> {
  let sizeBytes = 0
  for await (const chunk of chunks) {
    sizeBytes += chunk.length
    if (sizeRanges.some(([, maxBytes]) => sizeBytes > maxBytes)) throw entityTooLarge()
    yield chunk
  }
  if (sizeRanges.some(([minBytes]) => sizeBytes < minBytes)) throw entityTooSmall('file')
}

function parseDocument(base64: string): unknown {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.toString('base64') !== base64) throw invalidPolicy('it is not Base64.')
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw invalidPolicy('Invalid JSON.')
  }
}

function readExpiration(value: unknown): number {
  const isTime = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/.test(value)
  const expiresAtMs = isTime ? Date.parse(value) : Number.NaN
  if (Number.isNaN(expiresAtMs)) throw invalidPolicy("Invalid 'expiration' value: must be ISO 8601 GMT.")
  return expiresAtMs
}

type ParsedCondition =
  | { readonly kind: 'field'; readonly condition: FieldCondition }
  | { readonly kind: 'size'; readonly range: readonly [number, number] }

function readCondition(item: unknown): ParsedCondition {
  if (Array.isArray(item)) {
    const list: readonly unknown[] = item
    return readListCondition(list)
  }
  const entries = isObject(item) ? Object.entries(item) : []
  const [entry, ...others] = entries
  if (entry === undefined || others.length > 0 || typeof entry[1] !== 'string') throw invalidSimpleCondition()
  return fieldCondition('eq', entry[0], [entry[1]])
}

function readListCondition(item: readonly unknown[]): ParsedCondition {
  const [rawOperator, first, second] = item
  const operator = typeof rawOperator === 'string' ? rawOperator.toLowerCase() : ''
  if (item.length === 3 && operator === 'content-length-range' && isSize(first) && isSize(second)) {
    return { kind: 'size', range: [first, second] }
  }
  if (item.length === 3 && typeof first === 'string') {
    if ((operator === 'eq' || operator === 'starts-with') && typeof second === 'string') {
      return fieldCondition(operator, first, [second])
    }
    if ((operator === 'in' || operator === 'not-in') && isTextList(second)) {
      return fieldCondition(operator, first, second)
    }
  }
  throw invalidPolicy(`Invalid condition: ${show(item)}.`)
}

function fieldCondition(
  operator: FieldCondition['operator'],
  field: string,
  values: readonly string[],
): ParsedCondition {
  return {
    kind: 'field',
    condition: {
      operator,
      field: field.replace(/^\$/, '').toLowerCase(),
      // SDKs escape a dollar in a value, that of ${filename} for instance.
      values: values.map((value) => value.replaceAll('\\$', '$')),
    },
  }
}

/** A field that the form does not have fits a beginning of nothing, and is in no list. */
function holds({ operator, values }: FieldCondition, value: string | undefined): boolean {
  switch (operator) {
    case 'eq':
    case 'in':
      return value !== undefined && values.includes(value)
    case 'starts-with':
      return values.every((beginning) => (value ?? '').startsWith(beginning))
    case 'not-in':
      return value === undefined || !values.includes(value)
  }
}

function conditionFailed({ operator, field, values }: FieldCondition): OssError {
  const isList = operator === 'in' || operator === 'not-in'
  const condition = show([operator, `$${field}`, isList ? values : values[0]])
  return new OssError(
    403,
    'AccessDenied',
    `Invalid according to Policy: Policy Condition failed: ${condition}`,
    {
      ec: '0006-00000227',
      fields: [['Condition', condition]],
    },
  )
}

/** JSON with blanks after the commas, as the service shows a condition. */
function show(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(show).join(', ')}]` : (JSON.stringify(value) ?? '')
}

function invalidSimpleCondition(): OssError {
  return invalidPolicy(
    'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
