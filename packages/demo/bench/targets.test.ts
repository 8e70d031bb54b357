import { expect, test } from 'vitest'
import { describeWorkload } from './report.ts'
import type { Run } from './results.ts'
import { judgeTargets, LINK_MIB_PER_SECOND } from './targets.ts'
import type { TargetResult } from './targets.ts'

const MIB = 1024 ** 2

/** A run that took so many seconds for 1 GiB; all else as good as can be. */
function makeRun(contender: string, round: number, seconds: number, given: Partial<Run> = {}): Run {
  return {
    workload: 'large',
    contender,
    round,
    sizeBytes: 1024 * MIB,
    page: {
      durationMs: seconds * 1000,
      startedAtMs: 1000,
      idleGapMs: 5,
      longestGapMs: 9,
      addingGapMs: 6,
      blockedMs: 0,
      error: undefined,
      beacons: 0,
    },
    service: {
      requests: 130,
      preflights: 130,
      operations: {},
      receivedBytes: 1024 * MIB,
      storedBytes: 1024 * MIB,
      storedObjects: 1,
      firstByteAtMs: 1080,
      refused: 0,
      lost: 0,
      cpuSeconds: 1,
    },
    browserCpuSeconds: seconds,
    memory: undefined,
    ...given,
  }
}

function find(results: readonly TargetResult[], name: string): TargetResult | undefined {
  return results.find((result) => result.name.startsWith(name))
}

const LARGE = 'Large file, CRC-64 on / ceiling'

test('a ratio is taken within each round, so that a slow round of both is no difference', () => {
  const runs = [
    makeRun('ceiling', 0, 4),
    makeRun('sluice', 0, 4),
    makeRun('ceiling', 1, 40),
    makeRun('sluice', 1, 40),
  ]
  expect(find(judgeTargets(runs, undefined), LARGE)).toEqual({
    name: LARGE,
    aim: 'at least 0.92',
    measured: '1.00',
    verdict: 'held',
  })
})

test('rounds on both sides of the aim say nothing', () => {
  const runs = [
    makeRun('ceiling', 0, 4),
    makeRun('sluice', 0, 5),
    makeRun('ceiling', 1, 4),
    makeRun('sluice', 1, 4),
  ]
  expect(find(judgeTargets(runs, undefined), LARGE)?.verdict).toBe('within noise')
})

test('a run that failed is no measurement', () => {
  const failed = makeRun('sluice', 0, 1)
  const runs = [makeRun('ceiling', 0, 4), { ...failed, page: { ...failed.page, error: 'no answer' } }]
  expect(find(judgeTargets(runs, undefined), LARGE)?.verdict).toBe('not measured')
})

test('gaps of the page thread count above what they are when idle', () => {
  const run = makeRun('sluice', 0, 4)
  const busy = { ...run, page: { ...run.page, longestGapMs: 22, idleGapMs: 5 } }
  expect(
    find(judgeTargets([busy, { ...busy, round: 1 }], undefined), 'Large file, longest page-thread gap'),
  ).toMatchObject({
    measured: '17',
    verdict: 'not held',
  })
})

test('the first byte counts from upload()', () => {
  const runs = [0, 1].map((round) => makeRun('sluice', round, 4, { workload: 'start' }))
  expect(find(judgeTargets(runs, undefined), 'upload() to')).toMatchObject({
    measured: '80',
    verdict: 'held',
  })
})

test('memory that grows with the file is found', () => {
  const memory = (peakMib: number): Run['memory'] => ({ idleBytes: 0, peakBytes: peakMib * MIB })
  const runs = [
    makeRun('sluice', 0, 4, { workload: 'memory', memory: memory(60) }),
    makeRun('sluice', 1, 4, { workload: 'memory', memory: memory(64) }),
    makeRun('sluice', 0, 64, { workload: 'memory-16', memory: memory(90) }),
    makeRun('sluice', 1, 64, { workload: 'memory-16', memory: memory(92) }),
  ]
  const results = judgeTargets(runs, undefined)
  expect(find(results, 'Memory above idle, 16 GiB, MiB')?.verdict).toBe('held')
  expect(find(results, 'Memory above idle, 16 GiB as 1 GiB')?.verdict).toBe('not held')
})

test('a shaped link is judged by its payload', () => {
  expect(LINK_MIB_PER_SECOND * MIB * 8).toBeCloseTo(96_533_333, 0)
  const seconds = 1024 / (LINK_MIB_PER_SECOND * 0.96)
  const runs = [0, 1].map((round) => makeRun('sluice', round, seconds, { workload: 'link-h1' }))
  expect(find(judgeTargets(runs, undefined), 'Shaped link, HTTP/1.1')).toMatchObject({
    measured: '0.960',
    verdict: 'held',
  })
})

test('sizes of scripts are in kB of 1,000 bytes', () => {
  const results = judgeTargets([], { pageBytes: 7900, workerBytes: 30_100 })
  expect(find(results, 'Script of the page')).toMatchObject({ measured: '7.9', verdict: 'held' })
  expect(find(results, 'Script of the worker')).toMatchObject({ measured: '30.1', verdict: 'not held' })
})

test('a report says failures, and differences that are none', () => {
  const failed = makeRun('uppy', 0, 4)
  const runs = [
    makeRun('sluice', 0, 4),
    makeRun('sluice', 1, 5),
    makeRun('ali-oss', 0, 5),
    makeRun('ali-oss', 1, 4),
    { ...failed, page: { ...failed.page, error: 'no answer', beacons: 3 } },
  ]
  const workload = {
    id: 'large',
    name: 'One file',
    measures: 'run',
    note: undefined,
    skipped: undefined,
  } as const
  const entries = ['sluice', 'ali-oss', 'uppy'].map((id) => ({ id, name: id }))
  const text = describeWorkload(runs, workload, entries)
  expect(text).toContain('uppy failed 1 times: no answer')
  expect(text).toContain("Requests of uppy to other hosts than the storage's: 3.")
  expect(text).toContain('Sluice beside ali-oss: 1.02 (0.80–1.25) times the speed (within noise).')
})
