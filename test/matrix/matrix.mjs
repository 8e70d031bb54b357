// The packed packages in an application of each bundler, built, served, and used in Chromium: docs/matrix.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { CHROMIUM_ARGS, ensureChromium, findChromium } from '../../scripts/chromium.mjs'
import { ensureDependencies } from '../../scripts/dependencies.mjs'
import { run, runMain } from '../../scripts/run.mjs'
import { packPackages } from '../../scripts/pack.mjs'
import { describeMatrix } from './report.mjs'
import { ROWS } from './rows.mjs'
import { runRow } from './run-row.mjs'

const DOCUMENT = new URL('../../docs/matrix.md', import.meta.url)

runMain(async () => {
  // pnpm hands the dashes on.
  const wanted = process.argv.slice(2).filter((argument) => argument !== '--')
  const unknown = wanted.filter((name) => !ROWS.some((row) => row.name === name))
  if (unknown.length > 0) {
    throw new Error(`There is no ${unknown.join(', ')}. There are ${ROWS.map(({ name }) => name).join(', ')}`)
  }
  await ensureDependencies()
  await ensureChromium()
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-matrix-'))
  try {
    const outcomes = await runRows(folder, wanted)
    const failed = outcomes.filter(({ error }) => error !== undefined)
    if (failed.length > 0) throw new Error(`Failed: ${failed.map(({ row }) => row.name).join(', ')}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

/**
 * @param {string} folder
 * @param {readonly string[]} wanted all, and the document is written, when it is empty
 */
async function runRows(folder, wanted) {
  const tarballs = await packPackages(path.join(folder, 'packed'))
  // Only now, since what it is made of has been built.
  const { startService } = await import('./service.mjs')
  const service = await startService(path.join(folder, 'oss'))
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) })
  try {
    /** @type {import('./run-row.mjs').Outcome[]} */
    const outcomes = []
    for (const row of ROWS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
      const outcome = await runRow(row, { folder: path.join(folder, row.name), tarballs, browser, service })
      console.log(`${row.name}: ${outcome.error?.message ?? outcome.loaded?.workers.join(', ')}`)
      outcomes.push(outcome)
    }
    if (wanted.length === 0) {
      await writeFile(DOCUMENT, describeMatrix(outcomes, { chromium: browser.version() }))
      await run('oxfmt', [fileURLToPath(DOCUMENT)])
    }
    return outcomes
  } finally {
    await browser.close()
    await service.close()
  }
}
