import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_PARTS } from '../oss/limits.ts'
import { changeFrom, countParts, currentPartSize, evenLayout, partAt } from './layout.ts'
import type { Layout, Part } from './layout.ts'
import { planUpload } from './plan-parts.ts'

const MIB = 1024 ** 2
const TIB = 1024 ** 4

const partsOf = (layout: Layout, sizeBytes: number): readonly Part[] =>
  Array.from({ length: countParts(layout, sizeBytes) }, (_, index) => partAt(layout, index + 1, sizeBytes))

/** Every byte exactly once, in order. */
function expectWhole(parts: readonly Part[], sizeBytes: number): void {
  expect(parts[0]?.start).toBe(0)
  expect(parts.at(-1)?.end).toBe(sizeBytes)
  expect(parts.every((part, index) => index === 0 || part.start === parts[index - 1]?.end)).toBe(true)
  expect(parts.every(({ start, end }) => end > start)).toBe(true)
}

test('parts of one size cover any file, in at most 10,000 parts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8 * MIB + 1, max: 48 * TIB }), (size) => {
      const plan = planUpload(size)
      if (plan.kind === 'single') throw new Error('not in parts')
      const parts = partsOf(evenLayout(plan.partSizeBytes), size)
      expect(parts.length).toBeLessThanOrEqual(MAX_PARTS)
      expectWhole(parts, size)
    }),
    { numRuns: 50 },
  )
})

test('parts whose size changes on the way cover any file, and those that were planned stay where they were', () => {
  const changes = fc.array(
    fc.record({ after: fc.integer({ min: 1, max: 5 }), size: fc.integer({ min: 1, max: 50 }) }),
  )
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 50 }),
      changes,
      (size, first, steps) => {
        let layout = evenLayout(first)
        let planned = 0
        for (const step of steps) {
          planned += step.after
          if (planned >= countParts(layout, size)) break
          const before = partsOf(layout, size).slice(0, planned)
          layout = changeFrom(layout, planned + 1, step.size)
          expect(partsOf(layout, size).slice(0, planned)).toEqual(before)
          expect(currentPartSize(layout)).toBe(step.size)
        }
        expectWhole(partsOf(layout, size), size)
      },
    ),
  )
})

describe('changeFrom()', () => {
  test('takes back a change of which no part was planned', () => {
    const once = changeFrom(evenLayout(8), 4, 16)
    expect(changeFrom(once, 4, 8)).toEqual([
      { fromPart: 1, sizeBytes: 8 },
      { fromPart: 4, sizeBytes: 8 },
    ])
  })
})
