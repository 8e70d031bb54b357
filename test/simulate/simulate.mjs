import { createRandom } from '../chaos/random.mjs'
import { createCallCount } from './call-count.mjs'
import { SIGNED_AT_A_TIME } from './engine.mjs'
import { CLASS_SIZE } from './policies.mjs'
import { createService } from './service.mjs'
import { createTransfers } from './transfers.mjs'

/**
 * Credentials of some files of one browser, over their life.
 *
 * @typedef {object} Holder
 * @property {import('./population.mjs').Browser} browser
 * @property {readonly number[]} fileSizes
 * @property {number} filesLeft
 * @property {{ readyAtS: number, expiresAtS: number }} [token] that the server keeps for the group
 * @property {number} expiresAtS
 * @property {number} failures in a row
 *
 * @typedef {{ holder: Holder, sizeBytes: number, startedAtS: number }} SentFile
 *
 * @typedef {object} Outcome
 * @property {import('./call-count.mjs').CallSummary} first calls for first credentials, to the cloud
 * @property {import('./call-count.mjs').CallSummary} renewals to the cloud
 * @property {import('./call-count.mjs').CallSummary} app calls to the application's server
 * @property {readonly number[]} waitsS for first credentials, shortest first
 * @property {number} allGrantedAtS when the last had its first credentials
 * @property {readonly number[]} endsS when each file was through
 * @property {number} longestQueue
 * @property {number} refused calls for first credentials: each is an upload that failed, or a wait in `getCredentials`
 * @property {number} interrupted times that an upload paused since its credentials had ended and could not be renewed
 */

/**
 * @param {object} options
 * @param {readonly import('./population.mjs').Browser[]} options.population
 * @param {import('./policies.mjs').Policy} options.policy
 * @param {import('./engine.mjs').Engine} options.engine
 * @param {import('./service.mjs').Throttle} options.throttle
 * @param {(failures: number, random: number) => number} options.tryAgainAfterS how long until a refused upload is begun again
 * @param {boolean} [options.isOneQuota] whether first credentials and renewals are calls of the same operation
 * @param {number} options.bytesPerSecond that the object store takes
 * @param {number} options.seed
 * @returns {Outcome}
 */
export function simulate({
  population,
  policy,
  engine,
  throttle,
  tryAgainAfterS,
  isOneQuota = false,
  ...rest
}) {
  const { next: dice } = createRandom(rest.seed, `decisions of ${policy.id}`)
  /** @type {ReturnType<typeof createTransfers<SentFile>>} */
  const transfers = createTransfers(rest.bytesPerSecond)
  const creation = createService(throttle)
  const services = { first: creation, renewals: isOneQuota ? creation : createService(throttle) }
  const counts = { first: createCallCount(), renewals: createCallCount(), app: createCallCount() }
  /** @type {Map<number, (() => void)[]>} what happens, by the second */
  const calendar = new Map()
  /** @type {number[]} */
  const waitsS = []
  /** @type {number[]} */
  const endsS = []
  let [allGrantedAtS, refused, interrupted, second] = [0, 0, 0, 0]

  /**
   * @param {number} atS
   * @param {() => void} act
   */
  const schedule = (atS, act) => {
    const slot = Math.max(second, Math.floor(atS))
    const acts = calendar.get(slot)
    if (acts === undefined) calendar.set(slot, [act])
    else acts.push(act)
  }

  /**
   * @param {Holder} holder
   * @param {'first' | 'renewals'} kind
   * @param {number} nowS
   */
  const ask = (holder, kind, nowS) => {
    counts.app.add(nowS)
    const { token } = holder
    // The server keeps a token for as long as the engine would.
    if (token !== undefined && nowS < token.expiresAtS - policy.lifeS / 3) {
      const atS = Math.max(nowS, token.readyAtS)
      schedule(atS, () => grant(holder, kind, atS, token.expiresAtS))
      return
    }
    counts[kind].add(nowS)
    const { isGranted, atS } = services[kind].call(nowS)
    const expiresAtS = atS + policy.lifeS
    if (!isGranted) schedule(atS, () => refuse(holder, kind, atS))
    else {
      if (token !== undefined) Object.assign(token, { readyAtS: atS, expiresAtS })
      schedule(atS, () => grant(holder, kind, atS, expiresAtS))
    }
  }

  /**
   * @param {Holder} holder
   * @param {'first' | 'renewals'} kind
   * @param {number} nowS
   * @param {number} expiresAtS
   */
  const grant = (holder, kind, nowS, expiresAtS) => {
    holder.failures = 0
    holder.expiresAtS = expiresAtS
    if (kind === 'first') {
      waitsS.push(nowS - holder.browser.atS)
      allGrantedAtS = Math.max(allGrantedAtS, nowS)
      start(holder, nowS)
    }
    const renewAtS = policy.renewAtMs(expiresAtS * 1000, nowS * 1000, dice()) / 1000
    if (renewAtS < Infinity) schedule(renewAtS, () => renew(holder, renewAtS))
  }

  /**
   * @param {Holder} holder
   * @param {number} nowS
   */
  const renew = (holder, nowS) => {
    if (holder.filesLeft > 0) ask(holder, 'renewals', nowS)
  }

  /**
   * @param {Holder} holder
   * @param {'first' | 'renewals'} kind
   * @param {number} nowS
   */
  const refuse = (holder, kind, nowS) => {
    holder.failures += 1
    if (kind === 'first') {
      refused += 1
      const atS = nowS + tryAgainAfterS(holder.failures, dice())
      schedule(atS, () => ask(holder, 'first', atS))
      return
    }
    const atS = nowS + afterFailedRenewalS(holder, nowS)
    schedule(atS, () => renew(holder, atS))
  }

  /**
   * @param {Holder} holder
   * @param {number} nowS
   */
  const afterFailedRenewalS = (holder, nowS) => {
    if (holder.failures < engine.ASKING.maxAttempts)
      return engine.backoffMs(engine.ASKING, holder.failures, dice()) / 1000
    holder.failures = 0
    if (nowS < holder.expiresAtS)
      return engine.nextRenewalTime(holder.expiresAtS * 1000, nowS * 1000, dice()) / 1000 - nowS
    interrupted += 1
    return tryAgainAfterS(1, dice())
  }

  /**
   * @param {Holder} holder
   * @param {number} nowS
   */
  const start = (holder, nowS) => {
    const { bytesPerSecond, fileSizes } = holder.browser
    for (const sizeBytes of holder.fileSizes)
      transfers.start({ holder, sizeBytes, startedAtS: nowS }, sizeBytes, bytesPerSecond / fileSizes.length)
  }

  /** @param {SentFile} file */
  const end = ({ holder, sizeBytes, startedAtS }) => {
    holder.filesLeft -= 1
    endsS.push(second + 1)
    if (policy.for !== 'request') return
    const batches = Math.ceil(countRequests(engine, sizeBytes) / SIGNED_AT_A_TIME)
    for (let batch = 0; batch < batches; batch++)
      counts.app.add(startedAtS + (batch / batches) * (second + 1 - startedAtS))
  }

  for (const holder of toHolders(population, policy)) {
    const { atS } = holder.browser
    schedule(atS, () => {
      if (policy.for !== 'request') return ask(holder, 'first', atS)
      // Where it goes is asked for each file; signatures are as many as there are requests.
      for (let file = 0; file < holder.filesLeft; file++) counts.app.add(atS)
      grant(holder, 'first', atS, Infinity)
    })
  }
  const files = population.reduce((sum, { fileSizes }) => sum + fileSizes.length, 0)
  for (; endsS.length < files; second++) {
    // What is scheduled for this very second meanwhile comes at the end.
    for (const act of calendar.get(second) ?? []) act()
    calendar.delete(second)
    for (const file of transfers.advance(1)) end(file)
  }
  const longestQueue = Math.max(services.first.longestQueue(), services.renewals.longestQueue())
  return {
    first: counts.first.summary(),
    renewals: counts.renewals.summary(),
    app: counts.app.summary(),
    waitsS: waitsS.sort((a, b) => a - b),
    allGrantedAtS,
    endsS,
    longestQueue,
    refused,
    interrupted,
  }
}

/**
 * @param {readonly import('./population.mjs').Browser[]} population
 * @param {import('./policies.mjs').Policy} policy
 * @returns {Holder[]} in the order in which they ask
 */
function toHolders(population, policy) {
  const tokens = Array.from({ length: Math.ceil(population.length / CLASS_SIZE) }, () => ({
    readyAtS: 0,
    expiresAtS: 0,
  }))
  return population
    .flatMap((browser, index) => {
      const token = policy.for === 'group' ? tokens[Math.floor(index / CLASS_SIZE)] : undefined
      const groups = policy.for === 'file' ? browser.fileSizes.map((size) => [size]) : [browser.fileSizes]
      return groups.map((fileSizes) => ({
        browser,
        fileSizes,
        filesLeft: fileSizes.length,
        expiresAtS: 0,
        failures: 0,
        ...(token === undefined ? {} : { token }),
      }))
    })
    .sort((a, b) => a.browser.atS - b.browser.atS)
}

/**
 * Requests of a file that are signed: its parts, and those that open the upload and put it together.
 *
 * @param {Pick<import('./engine.mjs').Engine, 'planUpload'>} engine
 * @param {number} sizeBytes
 * @param {number} [partSizeBytes]
 */
export function countRequests({ planUpload }, sizeBytes, partSizeBytes) {
  const plan = planUpload(sizeBytes, partSizeBytes)
  return plan.kind === 'single' ? 1 : Math.ceil(sizeBytes / plan.partSizeBytes) + 2
}
