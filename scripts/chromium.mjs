import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { run } from './run.mjs'

/**
 * Switches for a Chromium under test: no sandbox (containers and CI run as root), and nothing that calls the
 * outside by itself. The resolver rule keeps every name but loopback from being looked up.
 */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE localhost,EXCLUDE *.localhost',
]

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * The Chromium to test with: `CHROME_PATH`, else an installed Chromium or Chrome.
 *
 * @returns {string | undefined} its path, or undefined when there is none
 * @throws when `CHROME_PATH` names no file
 */
export function findChromium() {
  const chosen = process.env['CHROME_PATH']
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROME_PATH names no file: ${chosen}`)
    return chosen
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean)
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))), ...PLACES]
  return candidates.find((candidate) => existsSync(candidate))
}

/** Sees to it that there is a Chromium; on Debian and its kin, as root, installs the distribution's own. */
export async function ensureChromium() {
  if (findChromium()) return
  if (process.getuid?.() === 0 && canRun('apt-get')) {
    await run('apt-get', ['update'])
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], {
      DEBIAN_FRONTEND: 'noninteractive',
    })
    if (findChromium()) return
  }
  throw new Error(
    'The tests need a Chromium or Chrome, and none was found. Install one (Debian: "apt-get install chromium"; ' +
      'elsewhere: Google Chrome) or set CHROME_PATH to its executable, then run "npm test" again.',
  )
}

/** @param {string} command */
function canRun(command) {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
