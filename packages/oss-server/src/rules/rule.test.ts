import { describe, expect, test } from 'vitest'
import {
  boolean,
  integer,
  listOf,
  nonEmptyText,
  object,
  oneOf,
  optional,
  orUndefined,
  recordOf,
  withDefault,
} from './rule.ts'

interface Sample {
  readonly name: string
  readonly count?: number
  readonly mode: 'a' | 'b'
  readonly flags: readonly boolean[]
  readonly note: string | undefined
}

const rule = object<Sample>({
  name: nonEmptyText,
  count: optional(integer(1, 10)),
  mode: oneOf(['a', 'b']),
  flags: listOf(boolean, { max: 2 }),
  note: orUndefined(nonEmptyText),
})
const sample = { name: 'n', mode: 'a', flags: [true] }

test('object() gives the fields that are there', () => {
  expect(rule.check({ ...sample, count: 3, note: 'x' }, '')).toEqual({ ...sample, count: 3, note: 'x' })
  expect(Object.keys(rule.check(sample, ''))).not.toContain('count')
})

test('withDefault() stands in for a field that is missing, and checks one that is there', () => {
  const withLevel = object<{ readonly level: number }>({ level: withDefault(integer(1, 3), 2) })
  expect(withLevel.check({}, '')).toEqual({ level: 2 })
  expect(withLevel.check({ level: 3 }, '')).toEqual({ level: 3 })
  expect(() => withLevel.check({ level: 4 }, '')).toThrow('level must be an integer from 1 to 3, got 4')
})

describe('object() names the path, the rule and the value', () => {
  test.each<[change: Record<string, unknown>, message: string]>([
    [{ name: '' }, 'name must be a non-empty string, got ""'],
    [{ name: undefined }, 'name is missing'],
    [{ count: 0 }, 'count must be an integer from 1 to 10, got 0'],
    [{ count: 1.5 }, 'count must be an integer from 1 to 10, got 1.5'],
    [{ count: '1' }, 'count must be an integer from 1 to 10, got "1"'],
    [{ mode: 'c' }, 'mode must be one of a, b, got "c"'],
    [{ flags: [true, 1] }, 'flags[1] must be true or false, got 1'],
    [{ flags: [true, true, true] }, 'flags must be a list of at most 2, got [true,true,true]'],
    [{ flags: () => 1 }, 'flags must be a list of at most 2, got a function'],
    [{ cuont: 1 }, 'cuont is unknown; known are name, count, mode, flags, note'],
  ])('%j', (change, message) => {
    expect(() => rule.check({ ...sample, ...change }, '')).toThrow(message)
  })
})

test('paths lead through objects and records', () => {
  expect(() => recordOf(rule).check({ x: { ...sample, mode: 1 } }, 'options')).toThrow(
    'options.x.mode must be one of a, b, got 1',
  )
})

test('a long value is shortened in the message', () => {
  expect(() => boolean.check('x'.repeat(500), 'flag')).toThrow(/^flag must be true or false, got "x{59}…$/)
})
