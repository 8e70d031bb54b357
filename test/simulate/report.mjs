import { CREDENTIALS_TIMEOUT_S } from './engine.mjs'
import { partSizes, requestsPerSecond } from './oss-load.mjs'
import { createPolicies } from './policies.mjs'
import { planPopulation, SPANS_S } from './population.mjs'
import { UNLIMITED } from './service.mjs'
import { simulate } from './simulate.mjs'
import { duration, quantile, rates, sharesAbove, toTable, whole } from './tables.mjs'

const MIB = 1024 ** 2
const GBIT = 1e9 / 8

/** What OSS takes from the internet for one account in Shanghai, Shenzhen or Beijing. (OSS documentation, "Limits") */
const OSS_BYTES_PER_SECOND = 10 * GBIT

/** Calls per second. (VOD documentation, "API QPS limits"; STS documentation, "API quotas") */
const VOD_QUOTA = 80
const STS_QUOTA = 100

const MOST = 100_000
/** @type {readonly { arrival: import('./population.mjs').Arrival, title: string }[]} */
const ARRIVALS = [
  { arrival: 'deadline', title: 'within ten minutes' },
  { arrival: 'day', title: 'over a day, most in the evening' },
  { arrival: 'outage', title: 'within three seconds after an outage' },
]
const RATES = 'mean / 99.9 % / peak'

/** How long until a refused upload is begun again, in seconds. */
const byHand = (/** @type {number} */ _, /** @type {number} */ random) => 5 + 55 * random

/**
 * @param {import('./engine.mjs').Engine} engine
 * @param {number} seed
 * @param {(title: string) => void} tell
 * @returns {string} the tables, in Markdown
 */
export function writeReport(engine, seed, tell) {
  const policies = createPolicies(engine)
  /** @type {Map<string, import('./population.mjs').Browser[]>} */
  const populations = new Map()
  /**
   * @param {import('./population.mjs').Arrival} arrival
   * @param {number} count
   */
  const populationOf = (arrival, count) => {
    const name = `${arrival} ${count}`
    const population = populations.get(name) ?? planPopulation({ arrival, count, seed })
    populations.set(name, population)
    return population
  }
  /**
   * @param {import('./population.mjs').Arrival} arrival
   * @param {number} count
   * @param {import('./policies.mjs').Policy} policy
   * @param {Pick<Parameters<typeof simulate>[0], 'throttle' | 'tryAgainAfterS'>} service
   */
  const run = (arrival, count, policy, service) => {
    tell(`${arrival}, ${whole(count)} browsers, ${policy.id}`)
    const population = populationOf(arrival, count)
    // What an earlier page left is asked for by the operation that renews.
    const isOneQuota = arrival === 'outage'
    const bytesPerSecond = OSS_BYTES_PER_SECOND
    return simulate({ population, policy, engine, ...service, isOneQuota, bytesPerSecond, seed })
  }

  /** @type {Map<string, import('./simulate.mjs').Outcome>} */
  const outcomes = new Map()
  /**
   * @param {import('./population.mjs').Arrival} arrival
   * @param {number} count
   * @param {import('./policies.mjs').Policy} policy
   */
  const runFree = (arrival, count, policy) => {
    const name = `${arrival} ${count} ${policy.id}`
    const outcome =
      outcomes.get(name) ?? run(arrival, count, policy, { throttle: UNLIMITED, tryAgainAfterS: byHand })
    outcomes.set(name, outcome)
    return outcome
  }

  const countByPolicy = (/** @type {import('./population.mjs').Arrival} */ arrival) =>
    toTable(
      ['policy', `first, ${RATES}`, '> 40 / > 80', `renewals, ${RATES}`, '> 40 / > 80', 'own server, peak'],
      Object.values(policies).map((policy) => {
        const { first, renewals, app } = runFree(arrival, MOST, policy)
        const cells = [first, renewals].flatMap((one) => [rates(one), sharesAbove(one)])
        return [policy.title, ...cells, whole(app.peak)]
      }),
    )

  const countByNumber = () =>
    toTable(
      ['browsers', 'when', `first, ${RATES}`, `renewals, ${RATES}`, '99 % of the files are there after'],
      ARRIVALS.flatMap(({ arrival, title }) =>
        [1000, 10_000, MOST].map((count) => {
          const { first, renewals, endsS } = runFree(arrival, count, policies.engine)
          return [whole(count), title, rates(first), rates(renewals), duration(quantile(endsS, 0.99))]
        }),
      ),
    )

  const throttled = (/** @type {import('./population.mjs').Arrival} */ arrival) => {
    const queue = (/** @type {number} */ perSecond) => ({
      throttle: { perSecond, holdS: Infinity, refusalAfterS: 0 },
      tryAgainAfterS: byHand,
    })
    const timeOut = {
      perSecond: VOD_QUOTA,
      holdS: CREDENTIALS_TIMEOUT_S,
      refusalAfterS: CREDENTIALS_TIMEOUT_S,
    }
    const refusing = { perSecond: VOD_QUOTA, holdS: 1, refusalAfterS: 0 }
    const byProgram = (/** @type {number} */ failures, /** @type {number} */ random) =>
      engine.backoffMs({ baseDelayMs: 1000, maxDelayMs: 300_000 }, failures, random) / 1000
    const { engine: vod, browser, group } = policies
    /** @type {[string, import('./policies.mjs').Policy, Parameters<typeof run>[3]][]} */
    const cases = [
      ['VOD 80/s: a queue, `credentialsTimeoutMs` of hours', vod, queue(VOD_QUOTA)],
      ['VOD 40/s: the same', vod, queue(VOD_QUOTA / 2)],
      [
        'VOD 80/s: a queue, time-out of 30 s, users begin again',
        vod,
        { throttle: timeOut, tryAgainAfterS: byHand },
      ],
      ['VOD 80/s: 503, `getCredentials` tries again', vod, { throttle: refusing, tryAgainAfterS: byProgram }],
      ['STS 100/s, a token per user: a queue', browser, queue(STS_QUOTA)],
      ['STS 100/s, a token per 30 users: a queue', group, queue(STS_QUOTA)],
    ]
    return toTable(
      [
        'service',
        'longest queue',
        'wait, half / 99 %',
        'all have credentials after',
        'refused',
        'paused later',
        'own server, peak',
      ],
      cases.map(([title, policy, service]) => {
        const it = run(arrival, MOST, policy, service)
        const waits = [0.5, 0.99].map((share) => duration(quantile(it.waitsS, share))).join(' / ')
        const lastS = it.allGrantedAtS - (arrival === 'outage' ? 60 : 0)
        return [
          title,
          whole(it.longestQueue),
          waits,
          duration(lastS),
          whole(it.refused),
          whole(it.interrupted),
          whole(it.app.peak),
        ]
      }),
    )
  }

  const loadOfOss = () => {
    const population = populationOf('deadline', 10_000)
    const fileSizes = population.flatMap((browser) => browser.fileSizes)
    const linksBytes = population.reduce((sum, browser) => sum + browser.bytesPerSecond, 0) * 10
    const rows = [
      ...[5, 10, 20, 100].map((gbit) => ({ title: `${gbit} Gbit/s`, bytesPerSecond: gbit * GBIT })),
      {
        title: `${whole(linksBytes / GBIT)} Gbit/s: all that 100,000 uplinks carry`,
        bytesPerSecond: linksBytes,
      },
    ]
    const sizes = [1, 2, 8, 32]
    return toTable(
      ['bandwidth in use', ...sizes.map((mib) => `parts of ${mib} MiB`)],
      rows.map(({ title, bytesPerSecond }) => [
        title,
        ...sizes.map((mib) =>
          whole(requestsPerSecond(engine, { fileSizes, bytesPerSecond, partSizeBytes: mib * MIB })),
        ),
      ]),
    )
  }

  const chosen = partSizes(engine).map(({ mbit, partMib }) => [`${mbit} Mbit/s`, `${partMib} MiB`])
  return [
    '#### 100,000 browsers within ten minutes: calls per second',
    countByPolicy('deadline'),
    `#### 100,000 browsers within ${SPANS_S.outage} seconds after an outage: calls per second`,
    countByPolicy('outage'),
    '#### As the number of browsers grows (VOD: a call per file, renewed as Sluice does)',
    countByNumber(),
    '#### A quota in force: 100,000 browsers within ten minutes',
    throttled('deadline'),
    `#### A quota in force: 100,000 browsers within ${SPANS_S.outage} seconds after an outage`,
    throttled('outage'),
    '#### Requests per second at OSS, preflights included',
    loadOfOss(),
    '#### Part sizes that the engine comes to, five parts at a time',
    toTable(['uplink', 'parts of'], chosen),
  ].join('\n\n')
}
