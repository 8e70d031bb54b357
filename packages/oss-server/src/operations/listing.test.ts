import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareNames, cutPage, type PageRequest } from './listing.ts'

const all: PageRequest = { prefix: '', delimiter: '', marker: '', maxEntries: 1000 }
const names = ['a', 'b/1', 'b/2', 'b/c/3', 'd']

function page(request: Partial<PageRequest>): [items: readonly string[], prefixes: readonly string[]] {
  const { items, commonPrefixes } = cutPage(names, (name) => name, { ...all, ...request })
  return [items, commonPrefixes]
}

describe('cutPage() selects', () => {
  test.each<[request: Partial<PageRequest>, items: string[], prefixes: string[]]>([
    [{}, names, []],
    [{ prefix: 'b/' }, ['b/1', 'b/2', 'b/c/3'], []],
    [{ delimiter: '/' }, ['a', 'd'], ['b/']],
    [{ prefix: 'b/', delimiter: '/' }, ['b/1', 'b/2'], ['b/c/']],
    [{ marker: 'b/1' }, ['b/2', 'b/c/3', 'd'], []],
    [{ marker: 'b/', delimiter: '/' }, ['d'], []],
    [{ marker: 'b/1', delimiter: '/' }, ['d'], ['b/']],
    [{ maxEntries: 2 }, ['a', 'b/1'], []],
    [{ maxEntries: 2, delimiter: '/' }, ['a'], ['b/']],
    [{ prefix: 'x' }, [], []],
  ])('%j', (request, items, prefixes) => {
    expect(page(request)).toEqual([items, prefixes])
  })
})

test('cutPage() is not truncated when the page ends with the last group', () => {
  expect(cutPage(['a/1', 'a/2'], (name) => name, { ...all, delimiter: '/', maxEntries: 1 })).toMatchObject({
    isTruncated: false,
    next: 'a/',
  })
})

test('pages chained by their markers give every entry once, for any names and page size', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '/', '中', '\u{1f600}', '\ufffd'),
    maxLength: 5,
    minLength: 1,
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(name),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('', '/'),
      (unsorted, maxEntries, delimiter) => {
        const sorted = unsorted.toSorted(compareNames)
        const request = { ...all, delimiter }
        const whole = cutPage(sorted, (item) => item, request)
        const items: string[] = []
        const prefixes: string[] = []
        let marker = ''
        for (let more = true; more;) {
          const next = cutPage(sorted, (item) => item, { ...request, maxEntries, marker })
          expect(next.items.length + next.commonPrefixes.length).toBeLessThanOrEqual(maxEntries)
          items.push(...next.items)
          prefixes.push(...next.commonPrefixes)
          more = next.isTruncated
          marker = next.next
        }
        expect([items, prefixes]).toEqual([whole.items, whole.commonPrefixes])
      },
    ),
  )
})

test('compareNames() orders by bytes of UTF-8, not by UTF-16', () => {
  expect(['\u{1f600}', '\ufffd', 'a'].toSorted(compareNames)).toEqual(['a', '\ufffd', '\u{1f600}'])
})
