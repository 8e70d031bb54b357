import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { PNPM } from '../../scripts/dependencies.mjs'
import { ROOT, run } from '../../scripts/run.mjs'
import { runWithin } from './command.mjs'

const PACK_LIMIT_MS = 120_000

/**
 * Builds the packages and packs them as they would be published.
 *
 * @param {string} folder
 * @returns {Promise<readonly string[]>} the tarballs
 */
export async function packPackages(folder) {
  await run('tsc', ['-b'])
  await run('node', ['scripts/build-script.mjs'])
  for (const name of ['core', 'worker']) {
    const pack = ['--yes', PNPM, 'pack', '--pack-destination', folder]
    await runWithin(path.join(ROOT, 'packages', name), 'npx', pack, PACK_LIMIT_MS)
  }
  return (await readdir(folder)).map((name) => path.join(folder, name))
}
