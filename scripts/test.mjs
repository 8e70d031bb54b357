// Everything: the fast gate, the build, then the tests that need a browser.
import { ensureChromium } from './chromium.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { run, runMain } from './run.mjs'

runMain(async () => {
  await ensureDependencies()
  await run('node', ['scripts/check.mjs'])
  await ensureChromium()
  await run('node', ['scripts/build-script.mjs'])
  await run('vite', ['build', 'packages/demo'])
  await run('npm', ['run', 'build:examples'])
  await run('vitest', ['run', '--project', 'browser', '--project', 'e2e'])
})
