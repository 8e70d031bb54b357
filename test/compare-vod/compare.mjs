// Runs a page with the code of VOD's documentation on aliyun-upload-vod and on @sluice/core/vod, in Chromium and against
// a local OSS, and tells what differs; fails when it is more than docs/migrating.md lists:
//   node test/compare-vod/compare.mjs [--rounds 3] [--scenario ID]... [--write] [--json FILE]
// --write puts the tables into docs/migrating.md. Takes about three minutes a round.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureChromium } from '../../scripts/chromium.mjs'
import { ensureDependencies } from '../../scripts/dependencies.mjs'
import { ROOT, run, runMain } from '../../scripts/run.mjs'

const DOCUMENT = path.join(ROOT, 'docs', 'migrating.md')

runMain(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      scenario: { type: 'string', multiple: true, default: [] },
      write: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be an integer from 1, got ${values.rounds}`)
  await ensureDependencies()
  await run('tsc', ['-b'])
  await ensureChromium()
  const pageFolder = await mkdtemp(path.join(tmpdir(), 'sluice-compare-page-'))
  try {
    await compareAll({
      rounds,
      only: values.scenario,
      isToWrite: values.write,
      json: values.json,
      pageFolder,
    })
  } finally {
    await rm(pageFolder, { recursive: true, force: true })
  }
})

/**
 * @param {object} order
 * @param {number} order.rounds
 * @param {readonly string[]} order.only ids of scenarios; empty for all
 * @param {boolean} order.isToWrite
 * @param {string | undefined} order.json
 * @param {string} order.pageFolder
 */
async function compareAll({ rounds, only, isToWrite, json, pageFolder }) {
  // What they import is there only now.
  const { buildPage } = await import('./build-page.mjs')
  const { play, SIDES } = await import('./stage.mjs')
  const { SCENARIOS } = await import('./scenarios.mjs')
  const { mergeRounds, tellFigures, toLines } = await import('./lines.mjs')
  const { compareLines } = await import('./differences.mjs')
  const { putTables, readRowIds, toTable } = await import('./tables.mjs')

  const scenarios = SCENARIOS.filter(({ id }) => only.length === 0 || only.includes(id))
  if (scenarios.length === 0)
    throw new Error(`--scenario must be of ${SCENARIOS.map(({ id }) => id).join(', ')}`)
  if (isToWrite && scenarios.length < SCENARIOS.length) throw new Error('--write needs all scenarios')
  const text = await readFile(DOCUMENT, 'utf8')
  await buildPage(pageFolder)
  const ids = readRowIds(text)

  const faults = []
  const sections = []
  /** @type {({ scenario: string, side: typeof SIDES[number], round: number } & import('./stage.mjs').Seen)[]} */
  const runs = []
  for (const scenario of scenarios) {
    /** @type {Record<typeof SIDES[number], (readonly import('./lines.mjs').Line[])[]>} */
    const seen = { incumbent: [], here: [] }
    for (let round = 1; round <= rounds; round++) {
      // Most of a run is waiting, so both run at a time.
      const both = await Promise.all(SIDES.map((side) => play(scenario, side, pageFolder)))
      for (const [index, one] of both.entries()) {
        const side = SIDES[index]
        if (side === undefined) continue
        runs.push({ scenario: scenario.id, side, round, ...one })
        seen[side].push(toLines(scenario, one))
        if (side === 'here' && one.strangers.length > 0)
          faults.push(`${scenario.id}: the drop-in calls ${one.strangers.join(', ')}`)
      }
    }
    const sometimes = scenario.intended.flatMap((it) => it.sometimes ?? [])
    const incumbent = mergeRounds(seen.incumbent, sometimes)
    const here = mergeRounds(seen.here, [])
    console.log(`\n${scenario.id}`)
    if (incumbent === undefined || here === undefined) {
      faults.push(`${scenario.id}: the rounds differ`)
      for (const side of SIDES)
        for (const lines of seen[side]) console.log(`  ${side}: ${lines.map(({ key }) => key).join(' | ')}`)
      continue
    }
    const comparison = compareLines(incumbent, here, scenario.intended)
    for (const { incumbent: left, here: right, intended } of comparison.rows) {
      const [one = '', other = ''] = [left, right].map((line) => line && line.key + tellFigures(line))
      console.log(`  ${one.padEnd(60)} ${other.padEnd(60)} ${intended.join(', ')}`)
    }
    for (const key of sometimes) {
      const times = seen.incumbent.filter((lines) => lines.some((line) => line.key === key)).length
      console.log(`  in ${times} of ${rounds}: ${key}`)
    }
    faults.push(...comparison.faults.map((fault) => `${scenario.id}: ${fault}`))
    const unknown = scenario.intended.map(({ row }) => row).filter((row) => !ids.has(row))
    faults.push(...unknown.map((row) => `${scenario.id}: docs/migrating.md has no row ${row}`))
    sections.push({ scenario, rows: comparison.rows })
  }

  const [theirs, ours] = SIDES.map((side) => {
    const urls = runs.filter((it) => it.side === side).flatMap(({ strangers }) => strangers)
    return Math.round(urls.length / rounds)
  })
  const calls = `All scenarios together: ${theirs} requests to others, and ${ours} of the drop-in.`
  console.log(`\n${calls}`)
  if (json !== undefined) await writeFile(json, `${JSON.stringify(runs, undefined, 2)}\n`)
  if (faults.length > 0) throw new Error(`\nNot as docs/migrating.md says:\n${faults.join('\n')}`)
  if (isToWrite) {
    await writeFile(DOCUMENT, putTables(text, [...sections.map(toTable), calls].join('\n\n')))
    await run('oxfmt', [DOCUMENT])
  }
  console.log('\nWhat differs is what docs/migrating.md lists')
}
