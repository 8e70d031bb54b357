import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { PNPM } from './dependencies.mjs'
import { ROOT, run } from './run.mjs'

/**
 * Builds the packages anew and packs them as they are published. What the sources do not have any more is not packed.
 *
 * @param {string} folder is made
 * @returns {Promise<readonly string[]>} the tarballs: of core, and of worker
 */
export async function packPackages(folder) {
  await mkdir(folder, { recursive: true })
  const packages = ['core', 'worker'].map((name) => path.join(ROOT, 'packages', name))
  for (const name of packages) await rm(path.join(name, 'dist'), { recursive: true, force: true })
  await run('tsc', ['-b'])
  await run('node', ['scripts/build-script.mjs'])
  for (const name of packages)
    await run('npx', ['--yes', PNPM, '--silent', '--dir', name, 'pack', '--pack-destination', folder])
  return (await readdir(folder)).sort().map((name) => path.join(folder, name))
}
