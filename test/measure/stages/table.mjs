import { median } from '../links/figures.mjs'

/** Kinds of processes, as they are called in the tables. */
const PROCESSES = /** @type {const} */ ([
  ['renderer', "page's process"],
  ['browser', 'browser process'],
  ['network.mojom.NetworkService', 'network process'],
  ['server', 'server'],
])

/**
 * @param {readonly import('../stages.mjs').StageRun[]} runs
 * @param {import('../../bench/describe-machine.mjs').Machine} machine
 * @returns {string} Markdown
 */
export function tabulateStages(runs, { processor, cores, browser }) {
  const rounds = Math.max(...countsPerStage(runs))
  return [
    `${processor}, ${cores} cores; ${browser}. Medians of ${rounds} rounds, the stages in turns.`,
    '### Seconds per GiB',
    ...table(runs, 'part', 's', (ms) => (ms / 1000).toFixed(2)),
    '### Other ways, seconds per GiB',
    ...table(runs, 'alternative', 's', (ms) => (ms / 1000).toFixed(2)),
    '### Milliseconds per request',
    ...table(runs, 'request', 'ms', (ms) => ms.toFixed(2)),
  ].join('\n')
}

/**
 * @param {readonly import('../stages.mjs').StageRun[]} runs
 * @param {import('./catalogue.mjs').Stage['group']} group
 * @param {string} unit
 * @param {(ms: number) => string} print
 */
function table(runs, group, unit, print) {
  const stages = new Set(runs.map(({ stage }) => stage).filter((stage) => stage.group === group))
  const rows = [...stages].map((stage) => {
    const own = runs.filter((run) => run.stage === stage)
    /** @param {(run: import('../stages.mjs').StageRun) => number} ofRun milliseconds */
    const figure = (ofRun) => print(median(own.map((run) => ofRun(run) / run.per)))
    const byProcess = PROCESSES.map(([kind]) => figure(({ cpu }) => (cpu[kind] ?? 0) * 1000))
    const inBrowser = figure(({ cpu }) => 1000 * (sum(Object.values(cpu)) - (cpu['server'] ?? 0)))
    return `| ${[stage.name, figure(({ durationMs }) => durationMs), inBrowser, ...byProcess].join(' | ')} |`
  })
  const names = PROCESSES.map(([, name]) => name)
  const heads = ['stage', `time, ${unit}`, `processor time of the browser, ${unit}`, ...names]
  return ['', `| ${heads.join(' | ')} |`, `|${' --- |'.repeat(heads.length)}`, ...rows, '']
}

/** @param {readonly import('../stages.mjs').StageRun[]} runs */
function countsPerStage(runs) {
  return [...new Set(runs.map(({ stage }) => stage))].map(
    (stage) => runs.filter((run) => run.stage === stage).length,
  )
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}
