import { describeWorkload, tabulateTargets } from '../../packages/demo/dist/bench/report.js'

/**
 * @typedef {object} Outcome
 * @property {string} command that repeats it
 * @property {string} measuredAt ISO date
 * @property {import('./describe-machine.mjs').Machine & { loadAfter: number }} machine
 * @property {readonly import('../../packages/demo/dist/bench/results.js').Entry[]} entries
 * @property {readonly import('../../packages/demo/dist/bench/report.js').ReportedWorkload[]} workloads
 * @property {readonly import('../../packages/demo/dist/bench/results.js').Run[]} runs
 * @property {readonly import('../../packages/demo/dist/bench/targets.js').TargetResult[]} targets
 */

/**
 * The figures as Markdown.
 *
 * @param {Outcome} outcome
 */
export function describeFigures({ runs, workloads, entries, targets }) {
  const sections = workloads.map((workload) => describeWorkload(runs, workload, entries))
  return ['## Targets', tabulateTargets(targets), '## Figures', ...sections].join('\n\n')
}

/**
 * docs/benchmark.md: method, machine, figures, command.
 *
 * @param {Outcome} outcome
 */
export function writeDocument(outcome) {
  const { command, measuredAt, machine, entries } = outcome
  const skipped = entries.filter((entry) => entry.skipped !== undefined)
  const peers = Object.entries(machine.peers).map(([name, version]) => `${name} ${version}`)
  return `# Benchmark

Written by \`${command}\` on ${measuredAt.slice(0, 10)}. The same page lets a person compare in a browser of their own:
\`npm start\`, then "Benchmark".

Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}; ${machine.browser}, Node
${machine.node}. Load (run queue) before the run ${machine.loadBefore.toFixed(1)}, at
its end ${machine.loadAfter.toFixed(1)}: what is above 2 or so at the beginning is the work of others. Browser and server share the cores, so the figures are
orderings and ratios, not limits. Contenders: ${peers.join(', ')}.

${METHOD}${skipped.map(({ name, skipped: why }) => `\n- Not measured: ${name}, since ${why}.`).join('')}

${describeFigures(outcome)}
`
}

const METHOD = `## Method

- The contenders take turns, A B C A B C, each round beginning with another one, in one browser against one server, with the
  same files. Each turn has a tab and connections of its own. A turn of the ceiling that does not count comes first.
- The **ceiling** is a worker that sends slices of 8 MiB of the files by XMLHttpRequest, six at a time, with Initiate, Complete
  and signed URLs, and does nothing besides. Small files are a PUT each, six at a time.
- ali-oss has no queue: large files go one after another, small ones six at a time. aliyun-upload-vod sends one file after
  another. Uppy sends files above 100 MiB in parts, the parts of a file one after another, and six files at a time. All this is
  what they do by default. Uppy's requests are signed in the form of OSS, which is otherwise the same as that of S3.
- aliyun-upload-vod reports to a log of its vendor; here these reports end at a name that is not resolved.
- Files come from a file input, so that they are on disk (in the page cache), and are one pseudo-random block of 64 KiB again
  and again, or a hole. So the server knows the CRC-64 of each part by arithmetic. It counts bodies and discards them, checks
  no signature, and is on an origin of its own: preflights are real, and may be cached for as long as the browser likes. A turn
  counts only if the server got all bytes. The server's processor time is in the tables: where it is not far below one core, it
  is part of what is measured.
- 30 ms of round trip: the server holds back each answer, also those to preflights, for 30 ms. Handshakes and windows of TCP are
  those of the loopback.
- Shaped links are two network namespaces with TUN devices between them, and the kernel's TCP (cubic): \`test/measure/links\`.
  HTTP/2 has receive windows of 8 MiB, since Node's 64 KiB would be the limit otherwise.
- The browser is driven over a bare DevTools connection. The Network domain, which Playwright and Puppeteer switch on, makes
  bodies from memory 10 to 20 times slower, so it stays off: with it, ali-oss would look far worse than it is.
- Page-thread gaps are times between two ticks of a chain of timers, which come every 4 ms on an idle page. On a machine
  whose cores are all busy some of them are the scheduler's; the ceiling, which does nothing on the page's thread, shows how much.
  Blocked time is what is over 50 ms of each gap, together.
- Processor time is of all processes of the browser, without what they take when idle. Memory is the sum of their
  proportional set sizes, looked at every 200 ms in turns whose speed does not count; idle is just before \`upload()\`.
- Scripts are weighed with all that their module exports, bundled as a library by Vite (\`npm run sizes\`): what a bundler adds to
  an application with dynamic imports, 0.85 kB with Vite, is not counted.
- Figures are medians of the rounds, with the least and the most in brackets. Ratios are taken within a round. For five rounds
  the true median lies between least and most with a probability of 94 %, for three with 75 %. A target is held or not held
  only if all rounds are on one side of it; else it is within noise, and so is a difference to which the rounds do not agree.`
