import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const source = readFileSync(new URL('./errors.ts', import.meta.url), 'utf8')
const union = source.slice(source.indexOf('export type UploadErrorCode'), source.indexOf('export class'))
const codes = Array.from(union.matchAll(/'([A-Z_]+)'/g), ([, code]) => code ?? '')

test('every error code has a row in docs/errors.md, in the same order', () => {
  const docs = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  const rows = Array.from(docs.matchAll(/^\| `([A-Z_]+)`/gm), ([, code]) => code ?? '')
  expect(codes.length).toBeGreaterThan(10)
  expect(rows).toEqual(codes)
})
