import { expect, test } from 'vitest'
import { loopbackOrigin } from './origins.ts'

test.each([
  ['http://localhost:5173', true],
  ['http://demo.localhost', true],
  ['http://127.0.0.1:8080', true],
  ['https://[::1]:5173', true],
  ['https://evil.example', false],
  ['http://localhost.evil.example', false],
  ['http://127.0.0.1.evil.example', false],
  ['null', false],
])('loopbackOrigin(%j) is %s', (origin, expected) => {
  expect(loopbackOrigin(origin)).toBe(expected)
})
