import { expect, test } from 'vitest'
import { summarize } from './summary.ts'
import type { PageRun } from './summary.ts'

const MIB = 1024 ** 2

function makeRun(contender: string, round: number, seconds: number, error?: string): PageRun {
  const page = {
    durationMs: seconds * 1000,
    startedAtMs: 0,
    idleGapMs: 4,
    longestGapMs: 10 + round,
    addingGapMs: 4,
    blockedMs: 0,
    error,
    beacons: 0,
  }
  return { contender, round, sizeBytes: 100 * MIB, page }
}

test('speeds are compared with the ceiling of the same round', () => {
  const runs = [
    makeRun('ceiling', 0, 1),
    makeRun('sluice', 0, 2),
    makeRun('ceiling', 1, 10),
    makeRun('sluice', 1, 20),
  ]
  expect(summarize(runs)).toMatchObject([
    { contender: 'ceiling', mibPerSecond: { least: 10, most: 100 } },
    { contender: 'sluice', ofCeiling: { least: 0.5, most: 0.5 }, longestGapMs: { median: 10.5 } },
  ])
})

test('a turn that failed has a reason and no figures', () => {
  const [summary] = summarize([makeRun('sluice', 0, 1, 'no answer'), makeRun('sluice', 1, 4)])
  expect(summary).toMatchObject({ failed: ['no answer'], mibPerSecond: { median: 25, count: 1 } })
})

test('without a ceiling there are speeds and no ratios', () => {
  const [summary] = summarize([makeRun('sluice', 0, 1)])
  expect(summary).toMatchObject({ mibPerSecond: { median: 100 }, ofCeiling: undefined })
})
