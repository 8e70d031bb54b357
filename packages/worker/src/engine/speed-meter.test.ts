import { expect, test } from 'vitest'
import { addSample, toProgress } from './speed-meter.ts'
import type { Sample } from './speed-meter.ts'

const run = (samples: readonly (readonly [atMs: number, sentBytes: number])[]): readonly Sample[] =>
  samples.reduce<readonly Sample[]>((all, [atMs, sentBytes]) => addSample(all, { atMs, sentBytes }), [])

test('toProgress() without samples says nothing is sent', () => {
  expect(toProgress([], 100)).toEqual({ sentBytes: 0, totalBytes: 100, bytesPerSecond: 0, etaMs: undefined })
})

test('toProgress() is the mean over the window, and the time left at that speed', () => {
  const progress = toProgress(
    run([
      [0, 0],
      [500, 100],
      [1000, 400],
    ]),
    1200,
  )
  expect(progress).toEqual({ sentBytes: 400, totalBytes: 1200, bytesPerSecond: 400, etaMs: 2000 })
})

test('toProgress() forgets what is older than five seconds', () => {
  const progress = toProgress(
    run([
      [0, 0],
      [1000, 1_000_000],
      [7000, 1_000_000],
      [12_000, 1_000_500],
    ]),
    2_000_000,
  )
  expect(progress.bytesPerSecond).toBe(100)
})

test('toProgress() falls to 0 when nothing moves for five seconds', () => {
  const samples = run(
    Array.from({ length: 80 }, (_, tick) => [tick * 100, tick < 20 ? tick * 10 : 200] as const),
  )
  expect(toProgress(samples, 1000)).toMatchObject({ bytesPerSecond: 0, etaMs: undefined })
})

test('addSample() starts anew when bytes were given up', () => {
  expect(
    run([
      [0, 0],
      [1000, 500],
      [1100, 300],
    ]),
  ).toEqual([{ atMs: 1100, sentBytes: 300 }])
})

test('addSample() keeps no more than the window needs', () => {
  const samples = run(Array.from({ length: 1000 }, (_, tick) => [tick * 100, tick] as const))
  expect(samples.length).toBeLessThanOrEqual(52)
})
