// What many browsers at once ask of the authorization service and of OSS, simulated: `npm run simulate:scale`.
//
//   node test/simulate/scale.mjs [--seed 1] [--write]
//
// --write puts the tables into docs/scale.md. The same seed gives the same tables.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT, run, runMain } from '../../scripts/run.mjs'
import { writeReport } from './report.mjs'
import { putBetweenMarks } from './tables.mjs'

const DOCUMENT = path.join(ROOT, 'docs', 'scale.md')

runMain(async () => {
  const { values } = parseArgs({
    options: { seed: { type: 'string', default: '1' }, write: { type: 'boolean', default: false } },
  })
  await run('tsc', ['-b'])
  // They are there only now.
  const engine = {
    ...(await import('../../packages/worker/dist/credentials/renewal.js')),
    ...(await import('../../packages/worker/dist/credentials/ask-again.js')),
    ...(await import('../../packages/worker/dist/retry/retry-policy.js')),
    ...(await import('../../packages/worker/dist/plan/plan-parts.js')),
    ...(await import('../../packages/worker/dist/adapt/part-size.js')),
  }
  const report = writeReport(engine, Number(values.seed), (title) => console.error(title))
  console.log(report)
  if (!values.write) return
  await writeFile(DOCUMENT, putBetweenMarks(await readFile(DOCUMENT, 'utf8'), report))
  await run('oxfmt', [DOCUMENT])
})
