// Publishes what `npx changeset version` has given a version: `npm run release`, on a clean checkout that has passed
// `npm test`, logged in to the registry.
import { PNPM } from './dependencies.mjs'
import { run, runMain } from './run.mjs'

runMain(async () => {
  // It leaves the packages built anew behind, which are what is published.
  await run('node', ['scripts/check-packages.mjs'])
  // It publishes by the pnpm that it finds, which writes versions for `workspace:*`.
  await run('npx', ['--yes', '--package', PNPM, 'changeset', 'publish'])
})
