import {
  addingGapMs,
  blockedMs,
  cpuSecondsPerGib,
  firstByteMs,
  formatSpread,
  gapAboveIdleMs,
  measure,
  memoryAboveIdleMib,
  mibPerSecond,
  ratioOfRuns,
  spreadOfRuns,
} from './figures.ts'
import type { Run } from './results.ts'
import { spreadOf } from './statistics.ts'
import type { Spread } from './statistics.ts'
import { judge, mayBeEqual } from './verdict.ts'
import type { Bound, Verdict } from './verdict.ts'

/** One of the aims, and what was measured of it. */
export interface TargetResult {
  readonly name: string
  readonly aim: string
  readonly measured: string
  readonly verdict: Verdict
}

/** Sizes of the published scripts after gzip, in bytes. */
export interface BundleSizes {
  readonly pageBytes: number
  readonly workerBytes: number
}

/**
 * Payload that fits through a link of 100 Mbit/s, in MiB/s: 1,448 of the 1,500 bytes of a packet are a file's, 52 are
 * headers of IP and TCP (RFC 791, RFC 9293, with the timestamps of RFC 7323).
 */
export const LINK_MIB_PER_SECOND: number = (100e6 / 8 / 1024 ** 2) * (1448 / 1500)

/** Compares what was measured with what Sluice aims at. */
export function judgeTargets(runs: readonly Run[], sizes: BundleSizes | undefined): readonly TargetResult[] {
  const own = (workload: string, figure: Parameters<typeof measure>[3]): Spread | undefined =>
    spreadOfRuns(runs, workload, 'sluice', figure)
  const speed = (workload: string, contender: string): Spread | undefined =>
    ratioOfRuns(runs, workload, [contender, 'ceiling'], mibPerSecond)
  const ofLink = (workload: string): Spread | undefined =>
    spreadOf(measure(runs, workload, 'sluice', mibPerSecond).map(({ value }) => value / LINK_MIB_PER_SECOND))
  return [
    target('Large file, CRC-64 on / ceiling', speed('large', 'sluice'), atLeast(0.92), 2),
    target('Large file, CRC-64 off / ceiling', speed('large', 'sluice-no-crc'), atLeast(0.98), 2),
    target('Large file, 30 ms of round trip, CRC-64 on / ceiling', speed('rtt', 'sluice'), atLeast(0.92), 2),
    target('Small files / raw parallel PUT', speed('small', 'sluice'), atLeast(0.9), 2),
    target(
      'Small files, longest page-thread gap while they are added, ms',
      own('small', addingGapMs),
      atMost(50),
      0,
    ),
    target('Shaped link, HTTP/1.1 / payload rate', ofLink('link-h1'), atLeast(0.95), 3),
    target('Shaped link, HTTP/2 / payload rate', ofLink('link-h2'), atLeast(0.95), 3),
    target('Large file, longest page-thread gap above idle, ms', own('large', gapAboveIdleMs), atMost(16), 0),
    target('Large file, page thread blocked over 50 ms in total, ms', own('large', blockedMs), atMost(0), 0),
    target('Memory above idle, 1 GiB, MiB', own('memory', memoryAboveIdleMib), atMost(100), 0),
    target('Memory above idle, 16 GiB, MiB', own('memory-16', memoryAboveIdleMib), atMost(100), 0),
    equality(
      'Memory above idle, 16 GiB as 1 GiB, MiB',
      own('memory-16', memoryAboveIdleMib),
      own('memory', memoryAboveIdleMib),
    ),
    target(
      'Processor time of the browser, CRC-64 on / ceiling',
      ratioOfRuns(runs, 'large', ['sluice', 'ceiling'], cpuSecondsPerGib),
      atMost(1.6),
      2,
    ),
    target('upload() to the first byte, 16 GiB, ms', own('start', firstByteMs), atMost(150), 0),
    target('Script of the page, kB after gzip', exactly(sizes?.pageBytes), atMost(8), 1),
    target('Script of the worker, kB after gzip', exactly(sizes?.workerBytes), atMost(30), 1),
  ]
}

function target(name: string, measured: Spread | undefined, bound: Bound, digits: number): TargetResult {
  return {
    name,
    aim: `${bound.kind} ${bound.value}`,
    measured: formatSpread(measured, digits),
    verdict: judge(measured, bound),
  }
}

function equality(name: string, one: Spread | undefined, other: Spread | undefined): TargetResult {
  const isMeasured = one !== undefined && other !== undefined
  return {
    name,
    aim: 'ranges that meet',
    measured: isMeasured ? `${formatSpread(one, 0)} and ${formatSpread(other, 0)}` : '–',
    verdict: isMeasured ? (mayBeEqual(one, other) ? 'held' : 'not held') : 'not measured',
  }
}

/** A size is the same however often it is looked at. */
function exactly(bytes: number | undefined): Spread | undefined {
  if (bytes === undefined) return undefined
  const value = bytes / 1000
  return { median: value, least: value, most: value, count: Number.POSITIVE_INFINITY }
}

function atLeast(value: number): Bound {
  return { kind: 'at least', value }
}

function atMost(value: number): Bound {
  return { kind: 'at most', value }
}
