import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** The end of what a command wrote: what it says before is of no use. */
const TAIL_CHARACTERS = 2000

/**
 * A command that runs, with all that it starts, in a process group of its own.
 *
 * @typedef {object} Command
 * @property {Promise<void>} ended rejects with the end of what it wrote when it exits with anything but 0
 * @property {() => string} tail the end of what it wrote so far
 * @property {() => Promise<void>} end ends it with all that it started
 */

/**
 * @param {string} cwd
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Command}
 */
export function start(cwd, command, args) {
  const child = spawn(command, args, {
    cwd,
    // With NODE_ENV, npm leaves out dependencies and bundlers build something else.
    env: { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1', CI: '1' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (/** @type {Buffer} */ data) => (written = (written + data).slice(-TAIL_CHARACTERS)))
  }
  const exited = once(child, 'exit')
  const ended = exited.then(([code, signal]) => {
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}\n${written}`)
  })
  // A server is ended by a signal, and nobody waits for that.
  ended.catch(() => undefined)
  const kill = () => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // All of it has ended.
    }
  }
  // The terminal's Ctrl-C does not reach another process group.
  const onInterrupt = () => {
    kill()
    process.exit(130)
  }
  process.once('SIGINT', onInterrupt)
  return {
    ended,
    tail: () => written,
    async end() {
      process.off('SIGINT', onInterrupt)
      kill()
      await exited.catch(() => undefined)
    },
  }
}

/**
 * Runs a command to its end, at most for so long.
 *
 * @param {string} cwd
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number} limitMs
 */
export async function runWithin(cwd, command, args, limitMs) {
  const running = start(cwd, command, args)
  try {
    await within(running.ended, limitMs, `${command} ${args.join(' ')}`)
  } finally {
    await running.end()
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} limitMs
 * @param {string} what
 * @returns {Promise<T>}
 */
export async function within(promise, limitMs, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs / 1000} s`)), limitMs)
  })
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (late)])
  } finally {
    clearTimeout(timer)
  }
}
