import { cp, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runWithin } from './command.mjs'

const PAGE = fileURLToPath(new URL('page/', import.meta.url))
const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url))
const INSTALL_LIMIT_MS = 240_000
const BUILD_LIMIT_MS = 240_000

/**
 * Makes the application of a row in an empty folder, with the packed packages, and builds it.
 *
 * @param {import('./rows.mjs').Row} row
 * @param {string} folder
 * @param {readonly string[]} tarballs
 * @returns {Promise<string | undefined>} the bundler's version, as it was installed
 */
export async function makeApplication({ fixture, bundler, build }, folder, tarballs) {
  await cp(PAGE, folder, { recursive: true })
  await cp(path.join(FIXTURES, fixture), folder, { recursive: true })
  // Both, so that core's dependency is met by the tarball and not sought in a registry.
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs]
  await runWithin(folder, 'npm', install, INSTALL_LIMIT_MS)
  if (build !== undefined) await runWithin(folder, 'npm', ['run', ...build.split(' ')], BUILD_LIMIT_MS)
  if (bundler === undefined) return undefined
  const manifest = await readFile(path.join(folder, 'node_modules', bundler, 'package.json'), 'utf8')
  return JSON.parse(manifest).version
}
