import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run } from './run.mjs'

/**
 * Browser engines beside Chromium that the tests run in, each with what it takes.
 *
 * @type {readonly Engine[]}
 */
const ENGINES = [
  { name: 'firefox', programs: ['/usr/bin/firefox-esr'], packages: ['firefox-esr'] },
  {
    name: 'webkit',
    // GObject's Python is the distribution's own.
    programs: [
      '/usr/bin/WebKitWebDriver',
      '/usr/bin/Xvfb',
      '/usr/bin/python3',
      '/usr/lib/python3/dist-packages/gi',
    ],
    packages: ['webkit2gtk-driver', 'gir1.2-webkit2-4.1', 'python3-gi', 'xvfb', 'xauth'],
  },
]

/**
 * @typedef {object} Engine
 * @property {'firefox' | 'webkit'} name
 * @property {readonly string[]} programs
 * @property {readonly string[]} packages of Debian
 */

/** The engines beside Chromium that are installed here. */
export function findEngines() {
  return ENGINES.filter(({ programs }) => programs.every((program) => existsSync(program))).map(
    ({ name }) => name,
  )
}

/** Installs what is missing, on Debian and its kin, as root; says plainly which engine is left out elsewhere. */
export async function ensureEngines() {
  const missing = () => ENGINES.filter(({ name }) => !findEngines().includes(name))
  if (missing().length > 0 && process.getuid?.() === 0 && canInstall()) {
    await run('apt-get', ['update'])
    for (const { packages } of missing()) {
      await run('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], {
        DEBIAN_FRONTEND: 'noninteractive',
      }).catch((/** @type {unknown} */ error) => console.error(String(error)))
    }
  }
  for (const { name, packages } of missing()) {
    console.warn(`LEFT OUT: the tests in ${name}. They need Debian's ${packages.join(', ')}.`)
  }
}

function canInstall() {
  try {
    execFileSync('apt-get', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
