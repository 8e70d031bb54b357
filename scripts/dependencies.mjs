import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT, run } from './run.mjs'

// The version that wrote pnpm-lock.yaml. Run through npx, since corepack is not part of every Node.
export const PNPM = 'pnpm@12.20.0'
const STAMP = path.join(ROOT, 'node_modules', '.sluice-installed')

/** Installs what the lockfile names; does nothing when that has been done for these very manifests. */
export async function ensureDependencies() {
  const wanted = manifestsHash()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return
  await run('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'])
  writeFileSync(STAMP, wanted)
}

function manifestsHash() {
  const manifests = ['packages', 'examples', 'tools'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder))
      .sort()
      .map((name) => path.join(folder, name, 'package.json')),
  )
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]
  const hash = createHash('sha256')
  for (const file of files) {
    const full = path.join(ROOT, file)
    if (existsSync(full)) hash.update(`${file}\0`).update(readFileSync(full))
  }
  return hash.digest('hex')
}
