import { expect, test } from 'vitest'
import { bodiesToRevive } from './body-watch.ts'

const stuck = [40, 10, 30, 20].map((sentBytes) => ({ sentBytes }))
const revived = (isQuiet: boolean, sinceOutageMs: number): readonly number[] =>
  bodiesToRevive(stuck, isQuiet, sinceOutageMs).map(({ sentBytes }) => sentBytes)

test('when nothing moves after an outage, the two bodies are sent again of which least is lost', () => {
  expect(revived(true, 0)).toEqual([10, 20])
})

test('as long as something moves, the others may revive by themselves', () => {
  expect(revived(false, 9999)).toEqual([])
})

test('what has not moved 10 s after an outage is sent again', () => {
  expect(revived(false, 10_000)).toEqual([40, 10, 30, 20])
})
