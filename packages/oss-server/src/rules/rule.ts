/**
 * Checks of values that come from outside: options, fault orders, files. A rule returns the value with its type,
 * or throws an error that names the path, the rule and what was there.
 */

/** Checks a value found at a path. */
export interface Rule<T> {
  readonly check: (value: unknown, path: string) => T
  /** In an object the field may be missing. */
  readonly isOptional?: boolean
  /** What a missing field counts as. */
  readonly defaultValue?: T
}

/** Rules of an object's fields. */
export type FieldRules<T> = { readonly [K in keyof T]-?: Rule<T[K]> }

/**
 * A value broke its rule.
 *
 * @example `partNumber must be an integer from 1 to 10000, got 0`
 */
export class RuleError extends TypeError {
  override readonly name: string = 'RuleError'
}

/** Throws the error of a broken rule. */
export function breakRule(path: string, rule: string, value: unknown): never {
  throw new RuleError(`${path} must be ${rule}, got ${show(value)}`)
}

/** A rule from a test and its wording. */
function ruleOf<T>(wording: string, test: (value: unknown) => value is T): Rule<T> {
  return { check: (value, path) => (test(value) ? value : breakRule(path, wording, value)) }
}

/** An integer, both limits inclusive. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Rule<number> {
  const wording =
    max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`
  return ruleOf(
    wording,
    (value): value is number =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max,
  )
}

/** A number above one limit and not above the other. */
export function numberAbove(exclusiveMin: number, max: number): Rule<number> {
  return ruleOf(
    `a number above ${exclusiveMin} and not above ${max}`,
    (value): value is number => typeof value === 'number' && value > exclusiveMin && value <= max,
  )
}

/** A number from 0 to 1. */
export const probability: Rule<number> = ruleOf(
  'a number from 0 to 1',
  (value): value is number => typeof value === 'number' && value >= 0 && value <= 1,
)

export const boolean: Rule<boolean> = ruleOf(
  'true or false',
  (value): value is boolean => typeof value === 'boolean',
)

export const text: Rule<string> = ruleOf('a string', (value): value is string => typeof value === 'string')

export const nonEmptyText: Rule<string> = ruleOf(
  'a non-empty string',
  (value): value is string => typeof value === 'string' && value !== '',
)

/** Decimal digits. */
export const decimalBigInt: Rule<bigint> = {
  check: (value, path) =>
    typeof value === 'string' && /^\d+$/.test(value)
      ? BigInt(value)
      : breakRule(path, 'decimal digits', value),
}

/** A function, of which no more can be checked. */
export function callable<T extends (...args: never) => unknown>(): Rule<T> {
  return ruleOf('a function', (value): value is T => typeof value === 'function')
}

/** One of some strings. */
export function oneOf<const T extends string>(choices: readonly T[]): Rule<T> {
  return ruleOf(`one of ${choices.join(', ')}`, (value): value is T =>
    choices.some((choice) => choice === value),
  )
}

/** A list whose items all follow a rule. */
export function listOf<T>(item: Rule<T>, limits: { readonly max?: number } = {}): Rule<readonly T[]> {
  const { max = Number.MAX_SAFE_INTEGER } = limits
  const wording = limits.max === undefined ? 'a list' : `a list of at most ${limits.max}`
  return {
    check: (value, path) =>
      Array.isArray(value) && value.length <= max
        ? value.map((entry, index) => item.check(entry, `${path}[${index}]`))
        : breakRule(path, wording, value),
  }
}

/** An object with any keys whose values all follow a rule. */
export function recordOf<T>(item: Rule<T>): Rule<Readonly<Record<string, T>>> {
  return {
    check: (value, path) =>
      Object.fromEntries(
        Object.entries(plainObject.check(value, path)).map(([key, entry]) => [
          key,
          item.check(entry, `${path}.${key}`),
        ]),
      ),
  }
}

/** The field may be missing. */
export function optional<T>(rule: Rule<T>): Rule<T> {
  return { ...rule, isOptional: true }
}

/** The field may be missing, and then counts as `undefined`. */
export function orUndefined<T>(rule: Rule<T>): Rule<T | undefined> {
  return {
    check: (value, path) => (value === undefined ? undefined : rule.check(value, path)),
    isOptional: true,
  }
}

/** The field may be missing, and then has the default. */
export function withDefault<T>(rule: Rule<T>, defaultValue: T): Rule<T> {
  return { ...rule, isOptional: true, defaultValue }
}

const plainObject: Rule<Readonly<Record<string, unknown>>> = ruleOf(
  'an object',
  (value): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
)

/** An object with exactly the fields named. */
export function object<T extends object>(fields: FieldRules<T>): Rule<T> {
  const rules = new Map<string, Rule<unknown>>(Object.entries(fields))
  return {
    check: (value, path) => {
      const given = plainObject.check(value, path)
      const prefix = path === '' ? '' : `${path}.`
      const checked: Record<string, unknown> = {}
      for (const name of Object.keys(given)) {
        if (!rules.has(name)) {
          throw new RuleError(`${prefix}${name} is unknown; known are ${[...rules.keys()].join(', ')}`)
        }
      }
      for (const [name, rule] of rules) {
        const field = given[name]
        if (field === undefined && rule.isOptional === true) {
          if (rule.defaultValue !== undefined) checked[name] = rule.defaultValue
          continue
        }
        if (field === undefined) throw new RuleError(`${prefix}${name} is missing`)
        checked[name] = rule.check(field, `${prefix}${name}`)
      }
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field was checked by its rule
      return checked as T
    },
  }
}

/** Reads JSON that follows a rule. */
export function parseJson<T>(json: string, rule: Rule<T>, path: string): T {
  return rule.check(JSON.parse(json), path)
}

/** A value in a message: short, and never more than its beginning. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  const json = JSON.stringify(value) ?? typeof value
  return json.length > 60 ? `${json.slice(0, 60)}…` : json
}
