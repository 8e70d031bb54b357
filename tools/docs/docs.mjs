// What documents say, held against the sources. `npm run docs` writes the API report and the reference anew; with --check it
// fails where they are not what the sources say. Either way doc comments must be complete, the examples of README and guides
// compile, and links lead somewhere.
import { ROOT, run, runMain } from '../../scripts/run.mjs'
import { apiReport } from './api-report.mjs'
import { writeExamples } from './examples.mjs'
import { deadLinks } from './links.mjs'
import { checkReference, writeReference } from './reference.mjs'

runMain(async () => {
  const isCheck = process.argv.includes('--check')
  if (!isCheck) await run('tsc', ['-b'])
  const complaints = [
    ...(await apiReport({ write: !isCheck })),
    ...(isCheck ? await checkReference(ROOT) : await writeReference(ROOT)),
    ...(await deadLinks(ROOT, ['.', 'docs', 'examples', 'packages', 'test', 'tools'])),
  ]
  await writeExamples(ROOT)
  await run('tsc', ['-p', 'tools/docs/tsconfig.examples.json'])
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
})
