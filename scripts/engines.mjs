import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run } from './run.mjs'

/**
 * Browser engines beside Chromium that the tests run in, each with what it takes.
 *
 * @type {readonly Engine[]}
 */
const ENGINES = [
  {
    name: 'firefox',
    programs: ['/usr/bin/firefox-esr'],
    packages: ['firefox-esr'],
    version: () => output('/usr/bin/firefox-esr', '--version'),
  },
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
    version: () => output('dpkg-query', '--showformat=WebKitGTK ${Version}', '--show', 'libwebkit2gtk-4.1-0'),
  },
]

/**
 * @typedef {object} Engine
 * @property {'firefox' | 'webkit'} name
 * @property {readonly string[]} programs
 * @property {readonly string[]} packages of Debian
 * @property {() => string} version
 */

/** The engines beside Chromium that are installed here. */
export function findEngines() {
  return installed().map(({ name }) => name)
}

/** Installs what is missing, on Debian and its kin, as root. What cannot be installed is left out of the tests. */
export async function ensureEngines() {
  if (missing().length === 0 || process.getuid?.() !== 0 || !canInstall()) return
  try {
    await run('apt-get', ['update'])
    for (const { packages } of missing()) {
      await run('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], {
        DEBIAN_FRONTEND: 'noninteractive',
      })
    }
  } catch (error) {
    console.error(String(error))
  }
}

/** Tells, at the end of the tests, what they ran in and what was left out. */
export function tellEngines() {
  for (const { name, version } of installed()) console.log(`Tested in ${name}: ${version()}`)
  for (const { name, packages } of missing()) {
    console.warn(`LEFT OUT: the tests in ${name}. They need Debian's ${packages.join(', ')}.`)
  }
}

function installed() {
  return ENGINES.filter(({ programs }) => programs.every((program) => existsSync(program)))
}

function missing() {
  return ENGINES.filter((engine) => !installed().includes(engine))
}

function canInstall() {
  try {
    output('apt-get', '--version')
    return true
  } catch {
    return false
  }
}

/** @param {string} program @param {readonly string[]} args */
function output(program, ...args) {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}
