import { describe, expect, test } from 'vitest'
import { cellAt, gridOf } from './part-grid.ts'

describe('gridOf()', () => {
  test.each([
    [1, { columns: 10, rows: 1, pitch: 28 }],
    [50, { columns: 10, rows: 5, pitch: 28 }],
    [51, { columns: 11, rows: 5, pitch: 25 }],
    [1000, { columns: 46, rows: 22, pitch: 6 }],
  ])('makes %d cells as large as a box of 280 by 140 allows', (count, grid) => {
    expect(gridOf(count, 280, 140)).toMatchObject(grid)
    expect(gridOf(count, 280, 140).rows * gridOf(count, 280, 140).pitch).toBeLessThanOrEqual(140)
  })

  test('lets the box grow where the smallest cells have no room', () => {
    expect(gridOf(10_000, 280, 140)).toEqual({ columns: 93, rows: 108, pitch: 3 })
  })
})

describe('cellAt()', () => {
  const grid = gridOf(51, 280, 140)

  test('finds the cell under a place', () => {
    expect(cellAt(grid, 51, 0, 0)).toBe(0)
    expect(cellAt(grid, 51, 26, 24.9)).toBe(1)
    expect(cellAt(grid, 51, 0, 25)).toBe(11)
  })

  test('finds none beside them', () => {
    expect(cellAt(grid, 51, 11 * 25, 0)).toBeUndefined()
    expect(cellAt(grid, 51, 10 * 25, 4 * 25)).toBeUndefined()
    expect(cellAt(grid, 51, 0, 10 * 25)).toBeUndefined()
  })
})
