// Goodput over shaped links, of Sluice, of ali-oss and of one plain PUT, in Chromium and with the kernel's TCP:
//   node test/measure/links.mjs [--link NAME] [--rounds 3] [--mib N] [--json FILE] [--only NAME,NAME] [--tcp cubic]
//     [--with JSON]...
// `--with` adds a Sluice with other options: '{"parallelParts":6,"partSizeBytes":2097152}'.
// Needs Linux, root, TUN devices, python3 and iproute2. The links: links/catalogue.mjs.
import { randomFillSync } from 'node:crypto'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDependencies } from '../../scripts/dependencies.mjs'
import { run, runMain } from '../../scripts/run.mjs'
import { describeLink, LINKS } from './links/catalogue.mjs'
import { checkLink } from './links/check-link.mjs'
import { createCleanup } from './links/cleanup.mjs'
import { chooseContenders } from './links/contenders.mjs'
import { compare, countRequests, goodput, median, tabulate } from './links/figures.mjs'
import { openLink, requireNamespaces } from './links/open-link.mjs'

const MIB = 1024 ** 2
/** Goodput of Sluice over that of one plain PUT on the same link: the least that is aimed at. */
const AIM = 0.95

runMain(async () => {
  const { values } = parseArgs({
    options: {
      link: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      mib: { type: 'string' },
      json: { type: 'string' },
      only: { type: 'string' },
      tcp: { type: 'string', default: 'cubic' },
      with: { type: 'string', multiple: true, default: [] },
    },
  })
  requireNamespaces()
  const links = LINKS.filter(({ name }) => values.link === undefined || values.link === name)
  if (links.length === 0) throw new Error(`--link must be one of ${LINKS.map(({ name }) => name).join(', ')}`)
  const contenders = chooseContenders(values.only, values.with)

  const cleanup = createCleanup()
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void cleanup.run().finally(() => process.exit(130)))
  }
  try {
    await ensureDependencies()
    await run('tsc', ['-b'])
    const folder = await mkdtemp(path.join(tmpdir(), 'sluice-links-'))
    cleanup.add(folder, (it) => rm(it, { recursive: true, force: true }))
    const pageFolder = path.join(folder, 'page')
    const page = ['build', 'test/measure/links/page', '--outDir', pageFolder, '--emptyOutDir']
    await run('vite', [...page, '--logLevel', 'warn'])

    /** @type {import('./links/send-once.mjs').Run[]} */
    const runs = []
    for (const link of links) {
      const sizeBytes = Math.round(Number(values.mib ?? link.mib) * MIB)
      const file = await writeRandomFile(path.join(folder, `${link.name}.bin`), sizeBytes)
      const plan = {
        link,
        contenders,
        rounds: Number(values.rounds),
        tcp: values.tcp,
        file,
        sizeBytes,
        pageFolder,
      }
      await measure(plan, cleanup, async (done) => {
        runs.push(done)
        if (values.json !== undefined) await writeFile(values.json, JSON.stringify(runs))
      })
      await rm(file)
    }
  } finally {
    await cleanup.run()
  }
})

/**
 * @typedef {Omit<import('./links/send-once.mjs').Order, 'contender' | 'round'>
 *   & { contenders: readonly import('./links/contenders.mjs').Contender[], rounds: number }} Plan
 */

/**
 * The contenders take turns, and each round begins with another one.
 *
 * @param {Plan} plan
 * @param {import('./links/cleanup.mjs').Cleanup} cleanup
 * @param {(done: import('./links/send-once.mjs').Run) => Promise<void>} onRun
 */
async function measure({ contenders, rounds, ...plan }, cleanup, onRun) {
  // Not before the workspace is built: it needs the local OSS.
  const { sendOnce } = await import('./links/send-once.mjs')
  console.log(`\n${describeLink(plan.link)}; ${(plan.sizeBytes / MIB).toFixed(0)} MiB, TCP ${plan.tcp}`)
  console.log(await within(cleanup, (scope) => check(plan, scope)))
  const runs = []
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length]
      if (contender === undefined) throw new Error('There is nobody to measure')
      const done = await within(cleanup, (scope) => sendOnce({ ...plan, contender, round }, scope))
      runs.push(done)
      await onRun(done)
      const { repeated, failed } = countRequests(done)
      console.log(
        `  round ${round + 1} ${contender.name.padEnd(14)} ${(done.durationMs / 1000).toFixed(1).padStart(6)} s ` +
          `${goodput(done).toFixed(2).padStart(6)} Mbit/s, repeated ${repeated}, failed ${failed}, ` +
          `CPU ${(done.cpuBusy * 100).toFixed(0)} %, load ${loadavg()[0]?.toFixed(1)}${
            done.error === undefined ? '' : `: ${done.error}`
          }`,
      )
    }
  }
  const mostLateMs = Math.max(...runs.map(({ counters }) => counters.up.mostLateMs))
  console.log(`\n${tabulate(runs)}\n${verdict(runs)}`)
  console.log(`The link itself delivered packets up to ${mostLateMs.toFixed(0)} ms late`)
}

/**
 * @param {Pick<Plan, 'link' | 'tcp'>} plan
 * @param {import('./links/cleanup.mjs').Cleanup} scope
 */
async function check({ link, tcp }, scope) {
  return checkLink(
    scope.add(await openLink(tcp), (it) => it.close()),
    link,
  )
}

/**
 * @template T
 * @param {import('./links/cleanup.mjs').Cleanup} cleanup
 * @param {(scope: import('./links/cleanup.mjs').Cleanup) => Promise<T>} work
 */
async function within(cleanup, work) {
  const scope = cleanup.scope()
  try {
    return await work(scope)
  } finally {
    await scope.run()
  }
}

/** @param {readonly import('./links/send-once.mjs').Run[]} runs of one link */
function verdict(runs) {
  return [...new Set(runs.map(({ contender }) => contender))]
    .filter((name) => name !== 'sluice')
    .map((other) => ({ other, aim: other === 'plain' ? AIM : 1, ratios: compare(runs, 'sluice', other) }))
    .filter(({ ratios }) => ratios.length > 0)
    .map(({ other, aim, ratios }) => {
      const ratio = median(ratios).toFixed(2)
      return `sluice / ${other}: ${ratio}, aim ${aim}: ${Number(ratio) >= aim ? 'met' : 'MISSED'}`
    })
    .join('\n')
}

/**
 * Bytes that nothing on the way can make smaller, all in the page cache.
 *
 * @param {string} file
 * @param {number} sizeBytes
 */
async function writeRandomFile(file, sizeBytes) {
  const handle = await open(file, 'w')
  const block = Buffer.alloc(MIB)
  for (let left = sizeBytes; left > 0; left -= MIB) {
    await handle.write(randomFillSync(block), 0, Math.min(MIB, left))
  }
  await handle.close()
  return file
}
