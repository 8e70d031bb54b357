import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, existsSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCleanup } from './cleanup.mjs'
import { startHelper } from './helper.mjs'

/**
 * @typedef {object} Counters of one way
 * @property {number} packets delivered
 * @property {number} bytes delivered, headers included
 * @property {number} lost at random
 * @property {number} swallowed by an outage
 * @property {number} overflowed the queue
 * @property {number} meanLateMs how much later than due packets were delivered: the emulator's own error
 * @property {number} mostLateMs
 * @property {number[]} bytesBySecond
 *
 * @typedef {{ up: Counters, down: Counters, cpuS: number }} LinkCounters
 */

/**
 * Two network namespaces and the link between them.
 *
 * @typedef {object} OpenLink
 * @property {string} serverIp
 * @property {readonly string[]} inClient put before a command, runs it at the client's end
 * @property {readonly string[]} inServer the same for the server's end
 * @property {(link: import('./catalogue.mjs').Link, start?: LinkStart) => Promise<LinkCounters>} set sets the link and
 *   starts its clock and counters anew; answers the counters until then
 * @property {() => Promise<void>} close
 *
 * @typedef {object} LinkStart
 * @property {number} [seed] of what is lost
 * @property {number} [skipS] how much of the first period before an outage is over already
 */

/** Debian: python3, iproute2, and util-linux, which is always there. */
const PROGRAMS = ['python3', 'ip', 'unshare', 'nsenter', 'setsid']

const EMULATOR = fileURLToPath(new URL('emulator.py', import.meta.url))

/**
 * Says plainly what is missing.
 *
 * @throws where there are no namespaces or no TUN devices to be had
 */
export function requireNamespaces() {
  const needs = `Shaped links need Linux, root, TUN devices and ${PROGRAMS.join(', ')}`
  if (process.platform !== 'linux') throw new Error(`${needs}: this is ${process.platform}`)
  if (process.getuid?.() !== 0) throw new Error(`${needs}: this is not root`)
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK)
  } catch {
    throw new Error(`${needs}: /dev/net/tun cannot be opened`)
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const missing = PROGRAMS.find((name) => !folders.some((folder) => existsSync(path.join(folder, name))))
  if (missing !== undefined) throw new Error(`${needs}: ${missing} is not on the PATH`)
}

/**
 * The namespaces have no names: each lives as long as its holder, and the holders as long as this process, so that
 * nothing is left behind even by a kill.
 *
 * @param {string} tcp congestion control: cubic, bbr or reno
 * @returns {Promise<OpenLink>}
 */
export async function openLink(tcp) {
  const cleanup = createCleanup()
  try {
    const client = cleanup.add(await holdNamespace(), (it) => it.stop())
    const server = cleanup.add(await holdNamespace(), (it) => it.stop())
    const command = ['python3', EMULATOR, `${client.pid}`, `${server.pid}`, tcp]
    const emulator = cleanup.add(await startHelper(command), (it) => it.stop())
    return {
      serverIp: emulator.ready.serverIp,
      inClient: enter(client.pid),
      inServer: enter(server.pid),
      set: ({ mbitPerSecond, rttMs, lossPercent, queueMs, outage }, { seed = 1, skipS = 0 } = {}) =>
        emulator.ask({
          bytesPerSecond: (mbitPerSecond * 1e6) / 8,
          delayS: rttMs / 2000,
          loss: lossPercent / 100,
          queueS: queueMs / 1000,
          outage: outage === undefined ? null : { ...outage, skipS },
          seed,
        }),
      close: () => cleanup.run(),
    }
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

/** @param {number} pid */
function enter(pid) {
  return ['nsenter', `--net=/proc/${pid}/ns/net`]
}

/** `cat` ends with its standard input. */
async function holdNamespace() {
  const holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'], detached: true })
  const ended = new Promise((resolve) => holder.once('exit', resolve))
  await once(holder, 'spawn')
  const pid = holder.pid ?? 0
  const own = readlinkSync('/proc/self/ns/net')
  const deadlineMs = Date.now() + 5000
  while (readlinkSync(`/proc/${pid}/ns/net`) === own) {
    if (holder.exitCode !== null || Date.now() > deadlineMs) {
      holder.stdin.end()
      throw new Error('Shaped links need network namespaces, and none is to be had')
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return {
    pid,
    async stop() {
      holder.stdin.end()
      await ended
    },
  }
}
