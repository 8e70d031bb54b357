import { readFileSync } from 'node:fs'

/** Time of all cores since the start of the machine, in ticks: all of it, and what was idle. */
export function readCpu() {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, ...others] = line
    .split(/\s+/)
    .slice(1)
    .map(Number)
  // Guests are counted in user time already.
  const rest = others.slice(0, 3).reduce((sum, ticks) => sum + ticks, 0)
  return { all: user + nice + system + idle + ioWait + rest, idle: idle + ioWait }
}

/**
 * Share of all cores that was busy between two readings, 0 to 1.
 *
 * @param {ReturnType<typeof readCpu>} before
 * @param {ReturnType<typeof readCpu>} after
 */
export function shareBusy(before, after) {
  const all = after.all - before.all
  return all === 0 ? 0 : 1 - (after.idle - before.idle) / all
}
