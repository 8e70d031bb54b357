import { expect, test } from 'vitest'
import { createSlotBook } from './slot-book.ts'

test('reserve() gives each part its place by the size of the first', () => {
  const book = createSlotBook()
  expect(book.reserve(2, 100, false)).toBe(100)
  expect(book.reserve(1, 100, false)).toBe(0)
  expect(book.reserve(4, 30, false)).toBe(300)
  expect(book.slotBytes).toBe(100)
})

test('reserve() gives no place that is too small', () => {
  const book = createSlotBook(100)
  expect(book.reserve(1, 101, false)).toBeUndefined()
})

test('reserve() gives no place twice, until it is released', () => {
  const book = createSlotBook(100)
  book.reserve(1, 100, false)
  expect(book.reserve(1, 100, false)).toBeUndefined()
  book.release(1)
  expect(book.reserve(1, 100, false)).toBe(0)
})

test('reserve() leaves a stored part alone', () => {
  expect(createSlotBook(100).reserve(1, 100, true)).toBeUndefined()
})

test('reserve() gives no place beyond what file systems hold', () => {
  expect(createSlotBook().reserve(10_000, 5 * 2 ** 30, false)).toBeUndefined()
})

test('seal() tells whether somebody is writing, and stops new ones until unseal()', () => {
  const book = createSlotBook(100)
  book.reserve(1, 100, false)
  expect(book.seal()).toBe(false)
  expect(book.reserve(2, 100, false)).toBeUndefined()
  book.release(1)
  expect(book.seal()).toBe(true)
  book.unseal()
  expect(book.reserve(2, 100, false)).toBe(100)
})
