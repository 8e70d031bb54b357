// The API of the packages. `npm run api` writes its report and its reference anew; with --check it fails where they are
// not what the sources say, or where a doc comment lacks something.
import { ROOT, run, runMain } from '../../scripts/run.mjs'
import { checkReference, writeReference } from './reference.mjs'
import { report } from './report.mjs'

runMain(async () => {
  const isCheck = process.argv.includes('--check')
  if (!isCheck) await run('tsc', ['-b'])
  const reports = await report({ write: !isCheck })
  const complaints = [...reports, ...(isCheck ? await checkReference(ROOT) : await writeReference(ROOT))]
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
})
