// The benchmark, without a person:
//   npm run bench -- [--quick] [--json FILE] [--write] [--strict] [--workload ID,ID] [--only ID,ID] [--rounds N]
//     [--with JSON]...
// `--write` writes docs/benchmark.md; with `--strict` a target that is not held is a failure; `--with` adds a Sluice with
// other options: '{"parallelParts":6}'. The workloads are in workloads.mjs. Needs Linux (/proc); shaped links need root.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureChromium } from '../../scripts/chromium.mjs'
import { ensureDependencies } from '../../scripts/dependencies.mjs'
import { ROOT, run, runMain } from '../../scripts/run.mjs'
import { createCleanup } from '../measure/links/cleanup.mjs'
import { requireNamespaces } from '../measure/links/open-link.mjs'

runMain(async () => {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      workload: { type: 'string' },
      only: { type: 'string' },
      rounds: { type: 'string' },
      with: { type: 'string', multiple: true, default: [] },
    },
  })
  const cleanup = createCleanup()
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void cleanup.run().finally(() => process.exit(130)))
  }
  try {
    await ensureDependencies()
    await ensureChromium()
    await run('tsc', ['-b'])
    await run('vite', ['build', 'packages/demo', '--logLevel', 'warn'])
    // Not before the workspace is built: they need what is built.
    const { runWorkloads } = await import('./run-workloads.mjs')
    const { QUICK_WORKLOADS, WORKLOADS } = await import('./workloads.mjs')
    const { describeFigures, writeDocument } = await import('./document.mjs')
    const { judgeTargets } = await import('../../packages/demo/dist/bench/targets.js')
    const { describeMachine } = await import('./describe-machine.mjs')
    const { measureSizes } = await import('./measure-sizes.mjs')

    const folder = cleanup.add(await mkdtemp(path.join(tmpdir(), 'sluice-bench-')), (it) =>
      rm(it, { recursive: true, force: true }),
    )
    const machine = describeMachine()
    const sizes = await measureSizes()
    const all = values.quick ? QUICK_WORKLOADS : WORKLOADS
    const chosen = pick(all, values.workload, '--workload')
    const planned = chosen.map((workload) => ({
      ...workload,
      rounds: Number(values.rounds ?? workload.rounds),
      skipped: workload.link === undefined ? undefined : whyNoLink(),
    }))
    const { runs, entries, notes } = await runWorkloads(
      planned,
      { only: values.only?.split(','), variants: values.with },
      folder,
      cleanup,
    )
    const outcome = {
      command: `npm run bench -- --write`,
      measuredAt: new Date().toISOString(),
      machine: { ...machine, loadAfter: loadavg()[0] ?? 0 },
      entries,
      workloads: planned.map(({ id, name, measures, skipped }) => ({
        id,
        name,
        measures,
        skipped,
        note: notes.get(id),
      })),
      runs,
      targets: judgeTargets(runs, sizes),
    }
    console.log(`\n${describeFigures(outcome)}`)
    if (values.json !== undefined) await writeFile(values.json, JSON.stringify(outcome, undefined, 1))
    if (values.write) {
      const file = path.join(ROOT, 'docs/benchmark.md')
      await writeFile(file, writeDocument(outcome))
      await run('oxfmt', [file])
    }
    const broken = runs.find(({ contender, page }) => isOurs(contender) && page.error !== undefined)
    if (broken !== undefined) throw new Error(`${broken.contender} failed: ${broken.page.error}`)
    if (values.strict && outcome.targets.some(({ verdict }) => verdict === 'not held')) {
      throw new Error('Not all targets are held')
    }
  } finally {
    await cleanup.run()
  }
})

/** A peer that fails is a figure; these are the instrument and what it is for. @param {string} contender */
function isOurs(contender) {
  return contender === 'ceiling' || contender.startsWith('sluice')
}

/**
 * @template {{ id: string }} Item
 * @param {readonly Item[]} all
 * @param {string | undefined} ids with commas between them; undefined for all
 * @param {string} option
 */
function pick(all, ids, option) {
  const names = ids?.split(',')
  const unknown = names?.find((name) => !all.some(({ id }) => id === name))
  if (unknown !== undefined) {
    throw new Error(`${option} must name some of ${all.map(({ id }) => id).join(', ')}, got ${unknown}`)
  }
  return all.filter(({ id }) => names?.includes(id) ?? true)
}

/** @returns {string | undefined} why there can be no shaped links here */
function whyNoLink() {
  try {
    requireNamespaces()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
