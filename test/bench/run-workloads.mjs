import { loadavg } from 'node:os'
import { firstByteMs, memoryAboveIdleMib, mibPerSecond } from '../../packages/demo/dist/bench/figures.js'
import { checkLink } from '../measure/links/check-link.mjs'
import { openLink } from '../measure/links/open-link.mjs'
import { makeFiles } from './make-files.mjs'
import { openStage } from './open-stage.mjs'
import { takeTurn } from './take-turn.mjs'

/**
 * @typedef {import('./workloads.mjs').Workload & { skipped: string | undefined }} PlannedWorkload
 * @typedef {import('../../packages/demo/dist/bench/results.js').Entry} Entry
 * @typedef {import('../../packages/demo/dist/bench/results.js').Run} Run
 * @typedef {import('../measure/links/cleanup.mjs').Cleanup} Cleanup
 */

/**
 * Runs the workloads one after another, and says how it goes.
 *
 * @param {readonly PlannedWorkload[]} workloads
 * @param {{ only: readonly string[] | undefined, variants: readonly string[] }} who contenders, undefined for all, and
 *   further Sluices, by their options as JSON
 * @param {string} folder for the files
 * @param {Cleanup} cleanup
 */
export async function runWorkloads(workloads, { only, variants }, folder, cleanup) {
  /** @type {Run[]} */
  const runs = []
  /** @type {readonly Entry[]} */
  let entries = []
  /** @type {Map<string, string>} */
  const notes = new Map()
  for (const workload of workloads) {
    console.log(`\n${workload.name}`)
    if (workload.skipped !== undefined) {
      console.log(`  not run: ${workload.skipped}`)
      continue
    }
    const scope = cleanup.scope()
    try {
      const note = await checkWay(workload, scope.scope())
      if (note !== undefined) notes.set(workload.id, note)
      const files = await makeFiles(folder, workload)
      const stage = await openStage(workload, folder, scope)
      const published = await readEntries(stage)
      const further = variants.map((options) => ({ id: `sluice${options}`, name: `Sluice ${options}` }))
      entries = [...published, ...further]
      const taking = [...chooseContenders(published, workload, only), ...further]
      runs.push(...(await takeRounds(stage, workload, files, taking)))
    } finally {
      await scope.run()
    }
  }
  return { runs, entries, notes }
}

/**
 * What a shaped link really is, by plain sockets.
 *
 * @param {PlannedWorkload} workload
 * @param {Cleanup} scope
 */
async function checkWay({ link }, scope) {
  if (link === undefined) return undefined
  try {
    const note = `The link: ${await checkLink(
      scope.add(await openLink('cubic'), (it) => it.close()),
      link,
    )}.`
    console.log(`  ${note}`)
    return note
  } finally {
    await scope.run()
  }
}

/** @param {import('./open-stage.mjs').Stage} stage @returns {Promise<readonly Entry[]>} */
async function readEntries({ browser }) {
  return /** @type {readonly Entry[]} */ (
    await browser.evaluate(`new Promise((resolve) => {
      const look = () => globalThis.bench ? resolve(bench.entries()) : setTimeout(look, 20)
      look()
    })`)
  )
}

/**
 * @param {readonly Entry[]} entries
 * @param {PlannedWorkload} workload
 * @param {readonly string[] | undefined} only
 */
function chooseContenders(entries, { contenders }, only) {
  const unknown = only?.find((name) => !entries.some(({ id }) => id === name))
  if (unknown !== undefined) {
    throw new Error(`--only must name some of ${entries.map(({ id }) => id).join(', ')}, got ${unknown}`)
  }
  const wanted = entries.filter(
    ({ id }) => (contenders?.includes(id) ?? true) && (only?.includes(id) ?? true),
  )
  for (const { name, skipped } of wanted) {
    if (skipped !== undefined) console.log(`  without ${name}: ${skipped}`)
  }
  return wanted.filter(({ skipped }) => skipped === undefined)
}

/**
 * @param {import('./open-stage.mjs').Stage} stage
 * @param {PlannedWorkload} workload
 * @param {readonly string[]} files
 * @param {readonly Entry[]} taking
 */
async function takeRounds(stage, workload, files, taking) {
  // Over a link it would take long, and what it warms up matters little there.
  if (workload.measures === 'run' && workload.link === undefined) {
    await takeTurn(stage, { workload, files, contender: 'ceiling', round: -1 })
  }
  const runs = []
  for (let round = 0; round < workload.rounds; round++) {
    const present = taking.filter(({ id }) => round < (workload.roundsOf[id] ?? workload.rounds))
    for (let turn = 0; turn < present.length; turn++) {
      const entry = present[(round + turn) % present.length]
      if (entry === undefined) throw new Error('There is nobody to measure')
      const done = await takeTurn(stage, { workload, files, contender: entry.id, round })
      runs.push(done)
      console.log(`  round ${round + 1} ${entry.name.padEnd(28)} ${describeRun(done, workload)}`)
    }
  }
  return runs
}

/**
 * @param {Run} run
 * @param {PlannedWorkload} workload
 */
function describeRun(run, { measures }) {
  if (run.page.error !== undefined) return `failed: ${run.page.error}`
  const load = `load ${loadavg()[0]?.toFixed(1)}`
  if (measures === 'start') return `first byte after ${firstByteMs(run).toFixed(0)} ms, ${load}`
  const memory = run.memory === undefined ? '' : `, ${memoryAboveIdleMib(run).toFixed(0)} MiB above idle`
  const { longestGapMs, beacons } = run.page
  return (
    `${mibPerSecond(run).toFixed(1).padStart(6)} MiB/s, ${run.service.requests} requests, longest gap ` +
    `${longestGapMs.toFixed(0)} ms, CPU ${run.browserCpuSeconds.toFixed(1)} s${memory}` +
    `${beacons === 0 ? '' : `, ${beacons} reports to others`}, ${load}`
  )
}
