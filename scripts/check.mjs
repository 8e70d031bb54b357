// The fast gate: types, lint, format, unit tests.
import { ensureDependencies } from './dependencies.mjs'
import { run, runMain } from './run.mjs'

runMain(async () => {
  await ensureDependencies()
  await run('tsc', ['-b'])
  await run('tsc', ['-p', 'tsconfig.test.json'])
  await run('tsc', ['-p', 'examples/react'])
  await run('tsc', ['-p', 'examples/html'])
  // It wants a TypeScript of its own, below 7.
  await run('node', ['examples/vue/node_modules/vue-tsc/bin/vue-tsc.js', '-p', 'examples/vue'])
  await run('node', ['tools/docs/docs.mjs', '--check'])
  await run('oxlint', ['--type-aware', '--deny-warnings'])
  await run('oxfmt', ['--check'])
  await run('vitest', ['run', '--project', 'unit'])
})
