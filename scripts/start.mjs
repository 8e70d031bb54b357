// The demo: installs what is missing, builds, then serves page, authorization service and local OSS.
import { ensureDependencies } from './dependencies.mjs'
import { run, runMain } from './run.mjs'

runMain(async () => {
  await ensureDependencies()
  await run('tsc', ['-b'])
  await run('vite', ['build', 'packages/demo', '--logLevel', 'warn'])
  await run('node', ['packages/demo/dist/server/main.js'])
})
