import { describe, expect, test } from 'vitest'
import { headersOf, queryOf } from '../testing/vectors.ts'
import { parseCallbackOrder, renderCallbackBody } from './callback-order.ts'

const order = { callbackUrl: 'http://127.0.0.1/done', callbackBody: 'b=${bucket}' }

function pack(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64')
}

function parse(value: unknown, custom?: unknown): ReturnType<typeof parseCallbackOrder> {
  return parseCallbackOrder(
    headersOf({
      'x-oss-callback': pack(value),
      ...(custom !== undefined && { 'x-oss-callback-var': pack(custom) }),
    }),
    [],
  )
}

test('parseCallbackOrder() finds none when there is none', () => {
  expect(parseCallbackOrder(headersOf({}), [])).toBeUndefined()
})

test('parseCallbackOrder() reads the query as well as the header', () => {
  expect(parseCallbackOrder(headersOf({}), queryOf({ callback: pack(order) }))).toMatchObject({
    bodyTemplate: 'b=${bucket}',
    bodyType: 'application/x-www-form-urlencoded',
  })
})

test('parseCallbackOrder() takes several URLs in their order, with or without scheme', () => {
  const urls = parse({ ...order, callbackUrl: 'http://a.test/x;b.test:81/y' })?.urls.map(String)
  expect(urls).toEqual(['http://a.test/x', 'http://b.test:81/y'])
})

describe('parseCallbackOrder() refuses', () => {
  const refusal = expect.objectContaining({ status: 400, code: 'InvalidArgument' })
  test.each<[reason: string, value: unknown]>([
    ['an empty body', { ...order, callbackBody: '' }],
    ['no body', { callbackUrl: order.callbackUrl }],
    ['no URL', { callbackBody: 'x' }],
    ['six URLs', { ...order, callbackUrl: 'a;b;c;d;e;f' }],
    ['a bad port', { ...order, callbackUrl: 'http://a.test:99999/' }],
    ['an unknown body type', { ...order, callbackBodyType: 'text/plain' }],
    ['an unknown variable', { ...order, callbackBody: '${nothing}' }],
    ['a body that is no text', { ...order, callbackBody: 1 }],
    ['a list', [order]],
  ])('%s', (_, value) => {
    expect(() => parse(value)).toThrow(refusal)
  })
  test.each<[reason: string, custom: unknown]>([
    ['a variable without x:', { uid: '1' }],
    ['a variable in capitals', { 'x:UID': '1' }],
    ['a variable that is no text', { 'x:uid': 1 }],
  ])('%s', (_, custom) => {
    expect(() => parse(order, custom)).toThrow(refusal)
  })
  test('no Base64', () => {
    expect(() => parseCallbackOrder(headersOf({ 'x-oss-callback': '{"a":1}' }), [])).toThrow(refusal)
  })
  test('no JSON', () => {
    expect(() => parseCallbackOrder(headersOf({ 'x-oss-callback': 'aGVsbG8=' }), [])).toThrow(refusal)
  })
  test('more than 5 KB', () => {
    expect(() => parse({ ...order, callbackBody: 'x'.repeat(5000) })).toThrow(refusal)
  })
  test('header and query at once', () => {
    const both = {
      headers: headersOf({ 'x-oss-callback': pack(order) }),
      query: queryOf({ callback: pack(order) }),
    }
    expect(() => parseCallbackOrder(both.headers, both.query)).toThrow(refusal)
  })
})

test('renderCallbackBody() encodes values for a form', () => {
  const parsed = parse(
    { ...order, callbackBody: 'k=${object}&n=${size}&u=${x:uid}&m=${x:none}' },
    { 'x:uid': 'ü' },
  )
  expect(parsed && renderCallbackBody(parsed, { object: 'a b&c', size: 7 })).toBe(
    'k=a%20b%26c&n=7&u=%C3%BC&m=',
  )
})

test('renderCallbackBody() quotes values for JSON', () => {
  const template = '{"k":${object},"n":${size},"u":${x:uid}}'
  const parsed = parse(
    { ...order, callbackBody: template, callbackBodyType: 'application/json' },
    { 'x:uid': '1' },
  )
  expect(parsed && JSON.parse(renderCallbackBody(parsed, { object: 'a"b', size: 7 }))).toEqual({
    k: 'a"b',
    n: 7,
    u: '1',
  })
})
