// The demo: installs what is missing, builds, then serves page, authorization service and local OSS.
import { ensureDependencies } from './dependencies.mjs'
import { run, runMain } from './run.mjs'

runMain(async () => {
  if (process.env['npm_lifecycle_event']) endWithParent()
  await ensureDependencies()
  await run('tsc', ['-b'])
  await run('vite', ['build', 'packages/demo', '--logLevel', 'warn'])
  // In this process, so that a signal reaches it and its message about a port in use is the last word.
  await import('../packages/demo/dist/server/main.js')
})

/** npm runs scripts in a shell that dies of a signal and does not pass it on: the ports would stay taken. */
function endWithParent() {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 500).unref()
}
