// What would be published, checked as it is published: `npm run check:packages`.
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packPackages } from './pack.mjs'
import { run, runMain } from './run.mjs'

const ALWAYS = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE']

runMain(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-packages-'))
  try {
    for (const tarball of await packPackages(folder)) {
      await run('publint', ['run', tarball, '--strict'])
      // The script of a worker is loaded, and not imported: it has no types.
      await run('attw', [tarball, '--profile', 'esm-only', '--exclude-entrypoints', 'script/worker'])
      const complaints = await complaintsOf(tarball)
      if (complaints.length > 0) throw new Error(`${path.basename(tarball)}:\n${complaints.join('\n')}`)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

/**
 * What a packed package lacks, and what it has too much.
 *
 * @param {string} tarball
 * @returns {Promise<readonly string[]>}
 */
async function complaintsOf(tarball) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-package-'))
  try {
    execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components', '1'])
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    const has = new Set(files)
    const lacking = ALWAYS.filter((file) => !has.has(file)).map((file) => `${file} is missing`)
    const tooMuch = files
      .filter((file) => /\.test\.|\.tsbuildinfo$|\.node$|^\./.test(file))
      .map((file) => `${file} is not for those who install it`)
    const code = files.filter((file) => file.endsWith('.js'))
    const maps = await Promise.all(code.map((file) => mapComplaints(folder, file, has)))
    const types = code
      .filter((file) => !file.startsWith('dist/script/') && !has.has(file.replace(/\.js$/, '.d.ts')))
      .map((file) => `${file} has no types`)
    return [...lacking, ...tooMuch, ...types, ...maps.flat()]
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * Each script has a source map, and each source of the package's own is there.
 *
 * @param {string} folder
 * @param {string} file
 * @param {ReadonlySet<string>} has
 */
async function mapComplaints(folder, file, has) {
  if (!has.has(`${file}.map`)) return [`${file} has no source map`]
  /** @type {{ readonly sources: readonly string[], readonly sourcesContent?: readonly (string | null)[] }} */
  const { sources, sourcesContent } = JSON.parse(await readFile(path.join(folder, `${file}.map`), 'utf8'))
  return sources
    .filter((source, index) => {
      const inPackage = path.posix.join(path.posix.dirname(file), source)
      return !has.has(inPackage) && typeof sourcesContent?.[index] !== 'string'
    })
    .map((source) => `${file}.map names ${source}, which is not there`)
}
