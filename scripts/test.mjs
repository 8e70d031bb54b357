// Everything: the fast gate, the build, then the tests that need a browser.
import { ensureChromium } from './chromium.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { ensureEngines, findEngines, tellEngines } from './engines.mjs'
import { run, runMain } from './run.mjs'

runMain(async () => {
  await ensureDependencies()
  await run('node', ['scripts/check.mjs'])
  await ensureChromium()
  await ensureEngines()
  await run('node', ['scripts/check-packages.mjs'])
  await run('node', ['scripts/sizes.mjs'])
  await run('vite', ['build', 'packages/demo'])
  await run('npm', ['run', 'build:examples'])
  await run('vitest', ['run', '--project', 'browser', '--project', 'e2e'])
  // At the same time: they wait for browsers more than for the processor.
  const engines = await Promise.allSettled(
    findEngines().map((name) => run('vitest', ['run', '--project', name])),
  )
  tellEngines()
  for (const engine of engines) if (engine.status === 'rejected') throw engine.reason
})
