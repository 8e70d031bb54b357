import { describe, expect, test } from 'vitest'
import { MAX_PARTS } from '../oss/limits.ts'
import { fitPartSize } from './part-size.ts'
import { bodiesAtATime, moveSending, nextPartSize, startSending } from './sending-control.ts'
import type { SendingState } from './sending-control.ts'

const MIB = 1024 ** 2
const MOST = 5

/** A link that bodies share equally. */
interface Link {
  readonly bytesPerSecond: number
  /** What each body waits before its first byte goes out, in milliseconds. */
  readonly latencyMs: number
  /** The service refuses bodies beyond so many at a time. */
  readonly refusesAbove?: number
}

interface Body {
  readonly sizeBytes: number
  readonly sentAtMs: number
  leftBytes: number
}

interface Outcome {
  readonly state: SendingState
  /** Bytes stored, by the link's rate times the time taken. */
  readonly useOfLink: number
  readonly meanBodies: number
  readonly refusals: number
  readonly stored: number
  /** How long each stored body took, the last ones last, in milliseconds. */
  readonly tookMs: readonly number[]
  readonly partSizeBytes: number
}

const STEP_MS = 5

/** Sends for some time over a link, as the engine does: as many bodies as allowed, each as large as chosen. */
function simulate(
  link: Link,
  durationMs: number,
  from = startSending(MOST),
  firstBytes = 8 * MIB,
  choose = nextPartSize,
): Outcome {
  let state = moveSending(from, { type: 'answered', tookMs: 2 * link.latencyMs }, MOST)
  let partSizeBytes = firstBytes
  let bodies: Body[] = []
  let refusals = 0
  let storedBytes = 0
  let bodySteps = 0
  const tookMs: number[] = []
  for (let nowMs = 1; nowMs < durationMs; nowMs += STEP_MS) {
    while (bodies.length < bodiesAtATime(state)) {
      if (bodies.length >= (link.refusesAbove ?? Infinity)) {
        refusals += 1
        state = moveSending(state, { type: 'congested', sentAtMs: nowMs, nowMs }, MOST)
        break
      }
      partSizeBytes = choose(state, partSizeBytes)
      bodies.push({ sizeBytes: partSizeBytes, sentAtMs: nowMs, leftBytes: partSizeBytes })
    }
    bodySteps += bodies.length
    const moving = bodies.filter(({ sentAtMs }) => nowMs - sentAtMs >= link.latencyMs)
    for (const body of moving) body.leftBytes -= ((link.bytesPerSecond / moving.length) * STEP_MS) / 1000
    for (const { sizeBytes, sentAtMs } of bodies.filter(({ leftBytes }) => leftBytes <= 0)) {
      storedBytes += sizeBytes
      tookMs.push(nowMs - sentAtMs)
      const sample = { sizeBytes, tookMs: nowMs - sentAtMs }
      state = moveSending(state, { type: 'stored', sample, sentAtMs, nowMs }, MOST)
    }
    bodies = bodies.filter(({ leftBytes }) => leftBytes > 0)
  }
  const onTheirWay = bodies.reduce((sum, { sizeBytes, leftBytes }) => sum + sizeBytes - leftBytes, 0)
  return {
    state,
    useOfLink: (storedBytes + onTheirWay) / ((link.bytesPerSecond * durationMs) / 1000),
    meanBodies: bodySteps / (durationMs / STEP_MS),
    refusals,
    stored: tookMs.length,
    tookMs,
    partSizeBytes,
  }
}

describe('over a simulated link', () => {
  test('of 1 Gbit/s nearby, all bodies are sent at a time, and the link is full', () => {
    const { useOfLink, meanBodies, partSizeBytes } = simulate({ bytesPerSecond: 125e6, latencyMs: 5 }, 60_000)
    expect(meanBodies).toBeGreaterThan(4.9)
    // Equal bodies of the simulation end at the same moment, and wait for their round trips together.
    expect(useOfLink).toBeGreaterThan(0.97)
    // 8 MiB would take a third of a second.
    expect(partSizeBytes).toBe(16 * MIB)
  })

  test('of 100 Mbit/s nearby, parts stay as they are', () => {
    const { partSizeBytes } = simulate(
      { bytesPerSecond: 12.5e6, latencyMs: 5 },
      60_000,
      startSending(MOST),
      4 * MIB,
    )
    expect(partSizeBytes).toBe(4 * MIB)
  })

  test('of this machine, parts are as large as they get', () => {
    const { partSizeBytes } = simulate({ bytesPerSecond: 1e9, latencyMs: 1 }, 10_000)
    expect(partSizeBytes).toBe(32 * MIB)
  })

  test('of 1 Gbit/s far away, parts grow until round trips matter little', () => {
    const far = { bytesPerSecond: 125e6, latencyMs: 100 }
    const { partSizeBytes, useOfLink } = simulate(far, 60_000)
    const unadapted = simulate(far, 60_000, startSending(MOST), 8 * MIB, (_, bytes) => bytes)
    expect(partSizeBytes).toBe(32 * MIB)
    expect(useOfLink).toBeGreaterThan(unadapted.useOfLink + 0.1)
  })

  test('of 5 Mbit/s, parts shrink to the smallest, and the link stays full', () => {
    const { partSizeBytes, tookMs, useOfLink, meanBodies } = simulate(
      { bytesPerSecond: 625e3, latencyMs: 300 },
      600_000,
    )
    expect(partSizeBytes).toBe(MIB)
    expect(Math.max(...tookMs.slice(-20))).toBeLessThan(10_000)
    expect(useOfLink).toBeGreaterThan(0.95)
    expect(meanBodies).toBeGreaterThan(4.9)
  })

  test('of 0.5 Mbit/s, fewer bodies share it', () => {
    const { partSizeBytes, meanBodies, useOfLink } = simulate(
      { bytesPerSecond: 62_500, latencyMs: 300 },
      7_200_000,
    )
    expect(partSizeBytes).toBe(MIB)
    expect(meanBodies).toBeLessThan(3)
    expect(useOfLink).toBeGreaterThan(0.95)
  })

  test('whose service refuses more than two bodies at a time, about two are sent, and few are refused', () => {
    const strict = { bytesPerSecond: 12.5e6, latencyMs: 20, refusesAbove: 2 }
    const { meanBodies, refusals, stored, useOfLink } = simulate(strict, 300_000)
    expect(meanBodies).toBeGreaterThan(1.5)
    expect(meanBodies).toBeLessThanOrEqual(2)
    expect(refusals / stored).toBeLessThan(0.3)
    expect(useOfLink).toBeGreaterThan(0.9)
  })

  test('that is better after a while is used in full again', () => {
    const strict = simulate({ bytesPerSecond: 12.5e6, latencyMs: 20, refusesAbove: 1 }, 60_000)
    const { meanBodies } = simulate({ bytesPerSecond: 12.5e6, latencyMs: 20 }, 60_000, strict.state)
    expect(meanBodies).toBeGreaterThan(4)
  })

  test('that becomes slow, parts follow', () => {
    const { state, partSizeBytes } = simulate({ bytesPerSecond: 125e6, latencyMs: 100 }, 60_000)
    const slow = simulate({ bytesPerSecond: 625e3, latencyMs: 300 }, 1_800_000, state, partSizeBytes)
    expect(slow.partSizeBytes).toBe(MIB)
  })
})

test('several refusals of what was sent at the same time lower the limit once', () => {
  const once = moveSending(startSending(8), { type: 'congested', sentAtMs: 1, nowMs: 10 }, 8)
  const twice = moveSending(once, { type: 'congested', sentAtMs: 2, nowMs: 11 }, 8)
  expect(bodiesAtATime(once)).toBe(4)
  expect(twice.parallel).toBe(once.parallel)
})

test('the limit never falls below one body', () => {
  let state = startSending(5)
  for (let nowMs = 1; nowMs < 20; nowMs++)
    state = moveSending(state, { type: 'congested', sentAtMs: nowMs, nowMs }, 5)
  expect(bodiesAtATime(state)).toBe(1)
})

describe('the first parts', () => {
  const after = (tookMs: number): SendingState =>
    moveSending(startSending(MOST), { type: 'answered', tookMs }, MOST)

  test('are as large as usual where nothing is known, or the service is near', () => {
    expect(nextPartSize(startSending(MOST), 8 * MIB)).toBe(8 * MIB)
    expect(nextPartSize(after(119), 8 * MIB)).toBe(8 * MIB)
  })

  test('are small where the service is far, until the speed of the way is known', () => {
    const far = after(160)
    expect(nextPartSize(far, 8 * MIB)).toBe(2 * MIB)
    expect(nextPartSize(far, MIB)).toBe(MIB)
    const sample = { sizeBytes: 2 * MIB, tookMs: 280 }
    const fast = moveSending(far, { type: 'stored', sample, sentAtMs: 1, nowMs: 300 }, MOST)
    expect(nextPartSize(fast, 2 * MIB)).toBe(16 * MIB)
  })
})

describe('fitPartSize()', () => {
  test('keeps what is chosen while the rest fits into the parts that are left', () => {
    expect(fitPartSize(MIB, 9000 * MIB, 100, MOST)).toBe(MIB)
  })

  test('takes the smallest whole MiB that fits where it does not', () => {
    expect(fitPartSize(MIB, 20_000 * MIB, 100, MOST)).toBe(3 * MIB)
    expect(Math.ceil((20_000 * MIB) / (3 * MIB))).toBeLessThanOrEqual(MAX_PARTS - 100)
  })

  test('makes parts that have grown smaller towards the end, so that each connection has one', () => {
    expect(fitPartSize(32 * MIB, 160 * MIB, 30, 5)).toBe(32 * MIB)
    expect(fitPartSize(32 * MIB, 159 * MIB, 30, 5)).toBe(16 * MIB)
    expect(fitPartSize(16 * MIB, 79 * MIB, 36, 5)).toBe(8 * MIB)
    expect(fitPartSize(8 * MIB, 10 * MIB, 40, 5)).toBe(8 * MIB)
    expect(fitPartSize(11 * MIB, 50 * MIB, 9000, 5)).toBe(11 * MIB)
  })
})
