// Where the time goes: what each stage of an upload costs in Chromium, by itself and together with others:
//   npm run measure:stages -- [--mib 512] [--rounds 5] [--only ID,ID] [--write]
// `--write` puts the tables into docs/where-the-time-goes.md. Needs Linux (/proc). The stages: stages/catalogue.mjs.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDependencies } from '../../scripts/dependencies.mjs'
import { ROOT, run, runMain } from '../../scripts/run.mjs'
import { openBarePage } from '../harness/bare-chromium.mjs'
import { cpuOfTree } from '../harness/process-tree.mjs'
import { createCleanup } from './links/cleanup.mjs'
import { startHelper } from './links/helper.mjs'
import { STAGES } from './stages/catalogue.mjs'
import { tabulateStages } from './stages/table.mjs'

const MIB = 1024 ** 2
const DOCUMENT = path.join(ROOT, 'docs/where-the-time-goes.md')
const PAGE = 'test/measure/stages/page'

/**
 * @typedef {object} StageRun
 * @property {import('./stages/catalogue.mjs').Stage} stage
 * @property {number} durationMs
 * @property {number} per GiB of the file, or times that something was done
 * @property {Readonly<Record<string, number>>} cpu seconds by kind of process, the server's too
 */

runMain(async () => {
  const { values } = parseArgs({
    options: {
      mib: { type: 'string', default: '512' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  })
  const ids = values.only?.split(',')
  const stages = STAGES.filter(({ id }) => ids?.includes(id) ?? true)
  if (stages.length === 0)
    throw new Error(`--only must name some of ${STAGES.map(({ id }) => id).join(', ')}`)
  const sizeBytes = Number(values.mib) * MIB

  const cleanup = createCleanup()
  try {
    await ensureDependencies()
    await run('tsc', ['-b'])
    const folder = cleanup.add(await mkdtemp(path.join(tmpdir(), 'sluice-stages-')), (it) =>
      rm(it, { recursive: true, force: true }),
    )
    const pageFolder = path.join(folder, 'page')
    await run('vite', ['build', PAGE, '--outDir', pageFolder, '--emptyOutDir', '--logLevel', 'warn'])
    // Not before the workspace is built: it needs what is built.
    const { makeFiles } = await import('../bench/make-files.mjs')
    const { describeMachine } = await import('../bench/describe-machine.mjs')
    const [file = ''] = await makeFiles(folder, { content: 'noise', count: 1, sizeBytes })

    const node = [process.execPath, path.join(ROOT, 'test/bench/service.mjs')]
    const service = cleanup.add(await startHelper(node), (it) => it.stop())
    const pageServer = [process.execPath, path.join(ROOT, 'test/measure/links/page-server.mjs'), pageFolder]
    const pages = cleanup.add(await startHelper(pageServer), (it) => it.stop())
    const browser = cleanup.add(await openBarePage(pages.ready.url), (it) => it.close())
    await browser.evaluate(`new Promise((resolve) => {
      const look = () => globalThis.run ? resolve() : setTimeout(look, 20)
      look()
    })`)
    await browser.setFiles('input', [file])

    /** @type {StageRun[]} */
    const runs = []
    for (let round = 0; round < Number(values.rounds); round++) {
      for (let turn = 0; turn < stages.length; turn++) {
        const stage = stages[(round + turn) % stages.length]
        if (stage === undefined) throw new Error('There is nothing to measure')
        await service.ask({ start: { delayMs: 0 } })
        const before = await readCpu(browser, service.pid)
        const { durationMs, times } = await runStage(browser, stage, service.ready.port)
        const after = await readCpu(browser, service.pid)
        const per = stage.group === 'request' ? times : sizeBytes / 1024 ** 3
        const kinds = Object.entries(after).map(([kind, seconds]) => [kind, seconds - (before[kind] ?? 0)])
        runs.push({ stage, durationMs, per, cpu: Object.fromEntries(kinds) })
      }
      console.log(`  round ${round + 1} of ${values.rounds}`)
    }
    const text = tabulateStages(runs, describeMachine())
    console.log(`\n${text}`)
    if (values.write) await writeTables(text)
  } finally {
    await cleanup.run()
  }
})

/**
 * @param {import('../harness/bare-chromium.mjs').BarePage} browser
 * @param {import('./stages/catalogue.mjs').Stage} stage
 * @param {number} port
 */
async function runStage(browser, { stage, mib, parallel }, port) {
  const order = { stage, sliceBytes: mib * MIB, parallel, origin: `http://127.0.0.1:${port}` }
  const outcome = await browser.evaluate(`run(${JSON.stringify(order)})`)
  return /** @type {import('./stages/page/worker.ts').Outcome} */ (outcome)
}

/**
 * @param {import('../harness/bare-chromium.mjs').BarePage} browser
 * @param {number} serverPid
 * @returns {Promise<Readonly<Record<string, number>>>}
 */
async function readCpu(browser, serverPid) {
  return { ...(await browser.cpuByKind()), server: await cpuOfTree(serverPid) }
}

/** @param {string} text */
async function writeTables(text) {
  const [BEGIN, END] = ['<!-- measured: begin -->', '<!-- measured: end -->']
  const document = await readFile(DOCUMENT, 'utf8')
  const [before, rest] = document.split(BEGIN)
  const [, after] = rest?.split(END) ?? []
  if (after === undefined) throw new Error(`${DOCUMENT} has no place for the tables`)
  await writeFile(DOCUMENT, `${before}${BEGIN}\n\n${text}\n\n${END}${after}`)
  await run('oxfmt', [DOCUMENT])
}
