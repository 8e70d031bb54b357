// The browser tests in Firefox and WebKit, where they can be installed.
import { ensureDependencies } from './dependencies.mjs'
import { ensureEngines, findEngines } from './engines.mjs'
import { run, runMain } from './run.mjs'

runMain(async () => {
  await ensureDependencies()
  await ensureEngines()
  const projects = findEngines().flatMap((name) => ['--project', name])
  if (projects.length > 0) await run('vitest', ['run', ...projects])
})
