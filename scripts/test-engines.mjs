// The browser tests in Firefox and WebKit, where they can be installed.
import { ensureDependencies } from './dependencies.mjs'
import { ensureEngines, findEngines, tellEngines } from './engines.mjs'
import { run, runMain } from './run.mjs'

runMain(async () => {
  await ensureDependencies()
  await ensureEngines()
  for (const name of findEngines()) await run('vitest', ['run', '--project', name])
  tellEngines()
})
