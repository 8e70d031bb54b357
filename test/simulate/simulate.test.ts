import { describe, expect, test } from 'vitest'
import { ASKING } from '../../packages/worker/src/credentials/ask-again.ts'
import { nextRenewalTime, renewalTime } from '../../packages/worker/src/credentials/renewal.ts'
import { choosePartSize } from '../../packages/worker/src/adapt/part-size.ts'
import { planUpload } from '../../packages/worker/src/plan/plan-parts.ts'
import { backoffMs } from '../../packages/worker/src/retry/retry-policy.ts'
import { createRandom } from '../chaos/random.mjs'
import { createCallCount } from './call-count.mjs'
import { partSizes, requestsPerSecond } from './oss-load.mjs'
import { createPolicies } from './policies.mjs'
import { arrivalTime, planPopulation } from './population.mjs'
import { createService, UNLIMITED } from './service.mjs'
import { simulate } from './simulate.mjs'
import { putBetweenMarks } from './tables.mjs'
import { createTransfers } from './transfers.mjs'

const MIB = 1024 ** 2
const engine = { ASKING, nextRenewalTime, renewalTime, choosePartSize, planUpload, backoffMs }
const policies = createPolicies(engine)

type Order = Partial<Parameters<typeof simulate>[0]> & { readonly count?: number }

/** Many browsers over a bandwidth so small that their uploads outlive several credentials. */
function play({ count = 500, seed = 1, ...rest }: Order): ReturnType<typeof simulate> {
  return simulate({
    population: planPopulation({ arrival: 'deadline', count, seed }),
    policy: policies.engine,
    engine,
    throttle: UNLIMITED,
    tryAgainAfterS: (_, random) => 5 + 55 * random,
    bytesPerSecond: 10 * MIB,
    seed,
    ...rest,
  })
}

describe('arrivals', () => {
  test('within ten minutes are of one rate, and vary from second to second as Poisson says', () => {
    const random = createRandom(1, 'test')
    const bySecond = Array.from({ length: 600 }, () => 0)
    for (let index = 0; index < 60_000; index++) {
      const second = Math.floor(arrivalTime('deadline', random))
      bySecond[second] = (bySecond[second] ?? 0) + 1
    }
    const mean = bySecond.reduce((sum, n) => sum + n, 0) / 600
    const variance = bySecond.reduce((sum, n) => sum + (n - mean) ** 2, 0) / 600
    expect(mean).toBe(100)
    expect(variance / mean).toBeGreaterThan(0.85)
    expect(variance / mean).toBeLessThan(1.15)
  })

  test('over a day are most in the evening', () => {
    const random = createRandom(1, 'test')
    const hours = Array.from({ length: 5000 }, () => Math.floor(arrivalTime('day', random) / 3600))
    const within = (from: number, to: number): number => hours.filter((h) => h >= from && h < to).length
    expect(within(18, 22)).toBeGreaterThan(5 * within(6, 10))
  })
})

describe('a count of calls', () => {
  test('tells mean, 99.9 % and peak from the first second to the last, the empty ones included', () => {
    const count = createCallCount()
    for (const atS of [10, 10.5, 10.9, 12, 1009]) count.add(atS)
    const { calls, mean, most99, peak, shareAbove } = count.summary()
    expect({ calls, mean, most99, peak }).toEqual({ calls: 5, mean: 0.005, most99: 1, peak: 3 })
    expect(shareAbove(0)).toBe(0.003)
    expect(shareAbove(2)).toBe(0.001)
  })

  test('without a call is nothing', () => {
    expect(createCallCount().summary()).toMatchObject({ calls: 0, mean: 0, most99: 0, peak: 0 })
  })
})

describe('a service with a quota', () => {
  test('lets calls wait in their order, and refuses who would wait too long at no cost', () => {
    const service = createService({ perSecond: 2, holdS: 1, refusalAfterS: 30 })
    expect([1, 2, 3, 4].map(() => service.call(10))).toEqual([
      { isGranted: true, atS: 10.5 },
      { isGranted: true, atS: 11 },
      { isGranted: true, atS: 11.5 },
      { isGranted: false, atS: 40 },
    ])
    expect(service.call(20)).toEqual({ isGranted: true, atS: 20.5 })
    expect(service.longestQueue()).toBe(2)
  })
})

test('transfers share what there is: slow links keep their speed, the others get the rest in equal shares', () => {
  const transfers = createTransfers<string>(100)
  transfers.start('slow', 100, 10)
  transfers.start('fast', 450, 1000)
  transfers.start('fast too', 900, 1000)
  const ends = new Map<string, number>()
  for (let second = 1; second <= 20; second++) for (const file of transfers.advance(1)) ends.set(file, second)
  // 10 + 45 + 45 bytes a second until both first ones are through after ten, then all for the last.
  expect(Object.fromEntries(ends)).toEqual({ slow: 10, fast: 10, 'fast too': 15 })
})

describe('a simulation', () => {
  test('is the same for the same seed, and another for another', () => {
    const summary = ({ endsS, app, renewals }: ReturnType<typeof simulate>): readonly number[] => [
      endsS.at(-1) ?? 0,
      app.calls,
      renewals.calls,
      renewals.peak,
    ]
    expect(summary(play({ seed: 3 }))).toEqual(summary(play({ seed: 3 })))
    expect(summary(play({ seed: 3 }))).not.toEqual(summary(play({ seed: 4 })))
  })

  test.each([
    ['without a quota', UNLIMITED],
    ['by a queue', { perSecond: 1, holdS: Infinity, refusalAfterS: 0 }],
    ['by time-outs', { perSecond: 1, holdS: 30, refusalAfterS: 30 }],
    ['by refusals', { perSecond: 1, holdS: 1, refusalAfterS: 0 }],
  ])('gives credentials to every file in the end, %s', (_, throttle) => {
    const population = planPopulation({ arrival: 'deadline', count: 200, seed: 1 })
    const files = population.flatMap(({ fileSizes }) => fileSizes).length
    const { waitsS, first, refused } = play({ population, throttle })
    expect(waitsS).toHaveLength(files)
    expect(first.calls).toBe(files + refused)
    expect(waitsS[0]).toBeGreaterThanOrEqual(0)
  })

  test('takes as long to give credentials to all as the quota allows', () => {
    const { waitsS, allGrantedAtS } = play({
      count: 200,
      throttle: { perSecond: 0.1, holdS: Infinity, refusalAfterS: 0 },
    })
    expect(allGrantedAtS / (waitsS.length * 10)).toBeCloseTo(1, 2)
  })

  test('asks as often for a file as its time has lives of credentials', () => {
    const oneFile = { atS: 0, bytesPerSecond: MIB, fileSizes: [10_000 * MIB] }
    const { first, renewals, endsS } = play({ population: [oneFile], policy: policies.expiry })
    expect(endsS).toEqual([10_000])
    // 10,000 s are three lives of 3000 s, and a part of a fourth.
    expect([first.calls, renewals.calls]).toEqual([1, 3])
  })

  test('shows what the random moment of a renewal is for: no peak after an outage', () => {
    const population = planPopulation({ arrival: 'outage', count: 2000, seed: 1 })
    const [lead, spread] = [policies.lead, policies.engine].map((policy) => play({ population, policy }))
    expect(lead?.renewals.peak).toBeGreaterThan(500)
    expect(spread?.renewals.peak).toBeLessThan(20)
  })

  test('asks STS once for a user, seldom for a class, and the cloud never where the own server signs', () => {
    const population = planPopulation({ arrival: 'deadline', count: 300, seed: 1 })
    const bytesPerSecond = Infinity
    const [browser, group, request] = [policies.browser, policies.group, policies.request].map((policy) =>
      play({ population, policy, bytesPerSecond }),
    )
    expect(browser?.first.calls).toBe(300)
    expect(group?.first.calls).toBe(10)
    expect(request?.first.calls).toBe(0)
    expect(request?.app.calls).toBeGreaterThan(300)
  })
})

describe('the load of OSS', () => {
  test('is two requests for each part and for opening and closing an upload, since each has its preflight', () => {
    const load = { fileSizes: [80 * MIB], bytesPerSecond: 80 * MIB, partSizeBytes: 8 * MIB }
    expect(requestsPerSecond(engine, load)).toBe(24)
    expect(requestsPerSecond(engine, { ...load, partSizeBytes: 80 * MIB })).toBe(2)
  })

  test('is more on slow links, where the engine makes smaller parts', () => {
    const sizes = partSizes(engine).map(({ partMib }) => partMib)
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
    expect(sizes[0]).toBe(1)
  })
})

test('the tables go between the marks of the page', () => {
  const page = 'a\n<!-- simulate:scale begin -->\nold\n<!-- simulate:scale end -->\nb'
  expect(putBetweenMarks(page, 'new')).toBe(
    'a\n<!-- simulate:scale begin -->\n\nnew\n\n<!-- simulate:scale end -->\nb',
  )
  expect(() => putBetweenMarks('a', 'new')).toThrow('must have the lines')
})
