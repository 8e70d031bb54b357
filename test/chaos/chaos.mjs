// Uploads many files through all faults at random, and tells whether every promise was kept:
//   node test/chaos/chaos.mjs [--seed 1] [--minutes 10] [--json FILE] [--keep FOLDER]
// Equal seeds make equal plans; what meets what depends on the machine. With --keep the objects and the access log stay;
// --json holds the summary, and what happened to each upload and when.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureChromium } from '../../scripts/chromium.mjs'
import { ensureDependencies } from '../../scripts/dependencies.mjs'
import { run, runMain } from '../../scripts/run.mjs'

runMain(async () => {
  const options = readOptions()
  await ensureDependencies()
  await run('tsc', ['-b'])
  await ensureChromium()
  // What they import is there only now.
  const { runChaos } = await import('./run.mjs')
  const { checkAftermath } = await import('./check.mjs')
  const { formatSummary, summarize } = await import('./summary.mjs')

  const { seed, durationMs } = options
  console.log(`Chaos with --seed ${seed} --minutes ${durationMs / 60_000}`)
  const folder = options.keep ?? (await mkdtemp(path.join(tmpdir(), 'sluice-chaos-')))
  try {
    const aftermath = await runChaos({ seed, durationMs, folder, tell: (words) => console.log(words) })
    try {
      const requests = await aftermath.oss.log()
      const summary = summarize(aftermath, requests, await checkAftermath(aftermath, requests))
      console.log(`\n${formatSummary(summary)}`)
      if (options.json !== undefined) {
        const { ledger, troubles } = aftermath
        const report = { ...summary, log: { troubles, uploads: ledger.lives } }
        await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
      }
      if (!summary.isKept) throw new Error(`\nNot every promise was kept: --seed ${seed} repeats the plan`)
    } finally {
      await aftermath.close()
    }
  } finally {
    if (options.keep === undefined) await rm(folder, { recursive: true, force: true })
  }
})

/** @throws when a number is none */
function readOptions() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
      minutes: { type: 'string', default: '10' },
      json: { type: 'string' },
      keep: { type: 'string' },
    },
  })
  const seed = Number(values.seed)
  const minutes = Number(values.minutes)
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`--seed must be an integer from 0, got ${values.seed}`)
  if (!(minutes > 0)) throw new Error(`--minutes must be a number above 0, got ${values.minutes}`)
  return { seed, durationMs: minutes * 60_000, json: values.json, keep: values.keep }
}
