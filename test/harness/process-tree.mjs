// What a process and all that it started take, on Linux.
import { readdir, readFile } from 'node:fs/promises'

/**
 * Proportional set sizes: pages shared between processes are counted once, since each counts its share.
 *
 * @param {number} pid
 * @returns {Promise<number>} bytes
 */
export async function memoryOfTree(pid) {
  return sum(await Promise.all((await processTree(pid)).map(ownMemory)))
}

/**
 * @param {number} pid
 * @returns {Promise<number>} seconds of processor time so far
 */
export async function cpuOfTree(pid) {
  return sum(Object.values(await cpuByKind(pid)))
}

/**
 * Processor time of the processes of a browser, by what they are: `browser`, `renderer`, the services by their names.
 *
 * @param {number} pid
 * @returns {Promise<Readonly<Record<string, number>>>} seconds so far
 */
export async function cpuByKind(pid) {
  /** @type {Record<string, number>} */
  const seconds = {}
  for (const one of await processTree(pid)) {
    const kind = await kindOf(one)
    seconds[kind] = (seconds[kind] ?? 0) + (await ownCpuSeconds(one))
  }
  return seconds
}

/** @param {number} pid */
export async function killTree(pid) {
  for (const one of await processTree(pid)) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

/**
 * @param {string} argument
 * @returns {Promise<readonly number[]>} processes that were started with it
 */
export async function processesWith(argument) {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = []
  for (const pid of pids) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.split('\0').includes(argument)) found.push(pid)
  }
  return found
}

/**
 * Itself first.
 *
 * @param {number} pid
 */
async function processTree(pid) {
  const children = await childrenByParent()
  const tree = [pid]
  for (const parent of tree) tree.push(...(children.get(parent) ?? []))
  return tree
}

async function childrenByParent() {
  /** @type {Map<number, number[]>} */
  const children = new Map()
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  return children
}

/** @param {number} pid */
async function kindOf(pid) {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return /--utility-sub-type=([\w.]+)/.exec(command)?.[1] ?? /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser'
}

/** @param {number} pid */
async function ownMemory(pid) {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s*(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
}

/** Linux counts in hundredths of a second. (proc(5), USER_HZ) */
const TICKS_PER_SECOND = 100

/** With what children took that have ended: a process that comes and goes is not lost. @param {number} pid */
async function ownCpuSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name in brackets may hold anything; utime, stime, cutime and cstime are fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((total, ticks) => total + Number(ticks), 0) / TICKS_PER_SECOND
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}
