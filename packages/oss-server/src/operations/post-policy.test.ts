import { describe, expect, test } from 'vitest'
import { OssError } from '../http/oss-error.ts'
import { checkPostPolicy, parsePostPolicy, withinSizeRanges } from './post-policy.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)
const EXPIRATION = '2026-01-02T03:04:05.000Z'

const FORM: Readonly<Record<string, string>> = {
  bucket: 'b',
  key: 'user/1/a.png',
  'content-type': 'image/png',
  success_action_status: '201',
  empty: '',
}

function pack(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

function policyText(conditions: unknown, expiration: unknown = EXPIRATION): string {
  return pack(JSON.stringify({ expiration, conditions }))
}

function verdict(base64: string, nowMs = NOW): string {
  try {
    checkPostPolicy(parsePostPolicy(base64), (field) => FORM[field], nowMs)
    return 'ok'
  } catch (error) {
    if (!(error instanceof OssError)) throw error
    return `${error.code}: ${error.message}`
  }
}

describe('a condition that holds', () => {
  test.each<[condition: unknown]>([
    [{ bucket: 'b' }],
    [['eq', '$bucket', 'b']],
    [['EQ', '$Success_Action_Status', '201']],
    [['eq', 'key', 'user/1/a.png']],
    [['starts-with', '$key', 'user/1/']],
    [['starts-with', '$key', '']],
    [['starts-with', '$nowhere', '']],
    [['in', '$content-type', ['image/jpeg', 'image/png']]],
    [['not-in', '$content-type', ['image/gif']]],
    [['not-in', '$nowhere', ['']]],
    [['eq', '$empty', '']],
    [['content-length-range', 5, 1]],
  ])('%j', (condition) => {
    expect(verdict(policyText([condition]))).toBe('ok')
  })
})

describe('a condition that fails is AccessDenied and told', () => {
  test.each<[condition: unknown, told: string]>([
    [{ bucket: 'c' }, '["eq", "$bucket", "c"]'],
    [['eq', '$key', 'user/1'], '["eq", "$key", "user/1"]'],
    [['eq', '$nowhere', ''], '["eq", "$nowhere", ""]'],
    [['starts-with', '$key', 'user/2'], '["starts-with", "$key", "user/2"]'],
    [['starts-with', '$nowhere', 'a'], '["starts-with", "$nowhere", "a"]'],
    [['in', '$content-type', ['image/gif', 'x']], '["in", "$content-type", ["image/gif", "x"]]'],
    [['in', '$nowhere', ['']], '["in", "$nowhere", [""]]'],
    [['not-in', '$content-type', ['image/png']], '["not-in", "$content-type", ["image/png"]]'],
  ])('%j', (condition, told) => {
    expect(verdict(policyText([{ bucket: 'b' }, condition]))).toBe(
      `AccessDenied: Invalid according to Policy: Policy Condition failed: ${told}`,
    )
  })

  test('in an element of its own too, which clients read', () => {
    const policy = parsePostPolicy(policyText([['eq', '$key', 'x']]))
    expect(() => checkPostPolicy(policy, (field) => FORM[field], NOW)).toThrow(
      expect.objectContaining({ ec: '0006-00000227', fields: [['Condition', '["eq", "$key", "x"]']] }),
    )
  })
})

test('a policy holds up to its expiration', () => {
  const text = policyText([{ bucket: 'b' }])
  expect(verdict(text, NOW)).toBe('ok')
  expect(verdict(text, NOW + 1)).toBe('AccessDenied: Invalid according to Policy: Policy expired.')
  expect(verdict(policyText([{ bucket: 'b' }], '2026-01-02T03:04:05Z'))).toBe('ok')
})

describe('InvalidPolicyDocument', () => {
  test.each<[reason: string, text: string]>([
    ['no Base64', 'rubbish!'],
    ['no JSON', pack('{"expiration"')],
    ['no object', pack('[]')],
    ['no expiration', pack('{"conditions":[{"a":"b"}]}')],
    ['an expiration that is no time', policyText([{ a: 'b' }], '2026-13-40T00:00:00Z')],
    ['an expiration without its zone', policyText([{ a: 'b' }], '2026-01-02T03:04:05')],
    ['no conditions', pack(`{"expiration":"${EXPIRATION}"}`)],
    ['conditions that are no list', policyText(123)],
    ['an empty list of conditions', policyText([])],
    ['an empty condition', policyText([{}])],
    ['a condition of two properties', policyText([{ a: 'b', c: 'd' }])],
    ['a condition on a number', policyText([{ a: 1 }])],
    ['a condition that is a text', policyText(['eq'])],
    ['an unknown operator', policyText([['ends-with', '$key', 'a']])],
    ['a list where a text belongs', policyText([['eq', '$key', ['a']]])],
    ['a text where a list belongs', policyText([['in', '$key', 'a']])],
    ['a list of numbers', policyText([['in', '$key', [1]]])],
    ['one value too many', policyText([['eq', '$key', 'a', 'b']])],
    ['a range of texts', policyText([['content-length-range', '1', '2']])],
    ['a range below 0', policyText([['content-length-range', -1, 2]])],
  ])('%s', (_, text) => {
    expect(verdict(text)).toMatch(/^InvalidPolicyDocument: Invalid Policy: /)
  })
})

describe('content-length-range 2 to 4', () => {
  test.each([
    [[1], 'EntityTooSmall'],
    [[2], 'ok'],
    [[2, 2], 'ok'],
    [[2, 3, 100], 'EntityTooLarge'],
  ])('a file in chunks of %j bytes: %s', async (sizes, expected) => {
    const policy = parsePostPolicy(policyText([['content-length-range', 2, 4]]))
    async function* file(): AsyncGenerator<Buffer, void> {
      for (const size of sizes) {
        // What is too large is told before all of it has come.
        expect(size).not.toBe(100)
        yield Buffer.alloc(size)
      }
    }
    const passed = async (): Promise<string> => {
      for await (const _ of withinSizeRanges(file(), policy)) continue
      return 'ok'
    }
    const outcome = await passed().catch((error: unknown) => (error instanceof OssError ? error.code : error))
    expect(outcome).toBe(expected)
  })
})
