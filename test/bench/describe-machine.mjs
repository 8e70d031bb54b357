import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { createRequire } from 'node:module'
import { findChromium } from '../../scripts/chromium.mjs'

/**
 * Where it ran, and with which versions.
 *
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} cores
 * @property {number} memoryGib
 * @property {string} system
 * @property {string} node
 * @property {string} browser
 * @property {number} loadBefore mean length of the run queue in the minute before: what else the machine had to do
 * @property {Readonly<Record<string, string>>} peers their versions
 */

const PEERS = ['ali-oss', 'aliyun-upload-vod', '@uppy/core', '@uppy/aws-s3']

/** @returns {Machine} */
export function describeMachine() {
  const manifest = createRequire(import.meta.url)('../../packages/demo/package.json')
  const version = execFileSync(findChromium() ?? 'chromium', ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return {
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    node: process.version,
    browser: version.trim(),
    loadBefore: loadavg()[0] ?? 0,
    peers: Object.fromEntries(PEERS.map((name) => [name, manifest.devDependencies[name]])),
  }
}
