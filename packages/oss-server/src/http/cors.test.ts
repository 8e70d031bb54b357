import { describe, expect, test } from 'vitest'
import { ALLOW_ALL_RULE, corsHeaders, matchCorsRule, type CorsRequest, type CorsRule } from './cors.ts'

const rule: CorsRule = {
  allowedOrigins: ['https://app.example.com', 'https://*.example.org'],
  allowedMethods: ['PUT'],
  allowedHeaders: ['x-oss-*', 'Content-Type'],
}
const request: CorsRequest = { origin: 'https://app.example.com', method: 'PUT', requestHeaders: [] }

test('matchCorsRule() does not let the two ends of a wildcard overlap', () => {
  const overlapping = { ...rule, allowedHeaders: ['x-a*a-x'] }
  expect(matchCorsRule([overlapping], { ...request, requestHeaders: ['x-a-x'] })).toBeUndefined()
  expect(matchCorsRule([overlapping], { ...request, requestHeaders: ['x-aa-x'] })).toBe(overlapping)
})

describe('matchCorsRule() wants origin, method and every header', () => {
  test.each<[reason: string, change: Partial<CorsRequest>, expected: boolean]>([
    ['all fit', {}, true],
    ['origin by wildcard', { origin: 'https://a.b.example.org' }, true],
    ['origin in capitals', { origin: 'HTTPS://APP.EXAMPLE.COM' }, true],
    ['another origin', { origin: 'https://example.com' }, false],
    ['a wildcard stands for the rest of its own text only', { origin: 'https://example.org' }, false],
    ['another scheme', { origin: 'http://app.example.com' }, false],
    ['another method', { method: 'POST' }, false],
    ['header by wildcard and by name', { requestHeaders: ['X-OSS-Date', 'content-type'] }, true],
    ['one header too many', { requestHeaders: ['x-oss-date', 'authorization'] }, false],
  ])('%s', (_, change, expected) => {
    expect(matchCorsRule([rule], { ...request, ...change }) === rule).toBe(expected)
  })
})

test('matchCorsRule() takes the first rule that fits', () => {
  const second = { ...rule, exposeHeaders: ['ETag'] }
  expect(matchCorsRule([{ ...rule, allowedMethods: ['GET'] }, second, ALLOW_ALL_RULE], request)).toBe(second)
})

test('corsHeaders() repeats the origin, also under a wildcard', () => {
  expect(corsHeaders(ALLOW_ALL_RULE, { ...request, requestHeaders: ['a', 'b'] })).toMatchObject({
    'access-control-allow-origin': 'https://app.example.com',
    'access-control-allow-methods': 'GET, PUT, POST, DELETE, HEAD',
    'access-control-allow-headers': 'a, b',
    'access-control-max-age': '86400',
  })
})

test('corsHeaders() has no header for what the rule does not say', () => {
  expect(Object.keys(corsHeaders(rule, request))).toEqual([
    'access-control-allow-origin',
    'access-control-allow-methods',
  ])
})
