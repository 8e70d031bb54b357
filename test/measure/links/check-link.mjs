import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startHelper } from './helper.mjs'

/** A probe takes about 15 s; one that takes longer has no link. */
const LIMIT_MS = 60_000

const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url))

/**
 * Compares a link with what was asked for, by plain sockets: first without loss and outages, which shows rate and round
 * trip, then, where there is loss, with it, which shows what a single TCP connection makes of it.
 *
 * @param {import('./open-link.mjs').OpenLink} open
 * @param {import('./catalogue.mjs').Link} link
 * @returns {Promise<string>} asked and got, in words
 */
export async function checkLink(open, link) {
  const server = await startHelper([...open.inServer, process.execPath, PROBE, 'serve', open.serverIp])
  const ask = async () => {
    const [program = '', ...args] = open.inClient
    const command = [...args, process.execPath, PROBE, 'ask', open.serverIp]
    const { stdout } = await promisify(execFile)(program, command, { timeout: LIMIT_MS })
    return JSON.parse(stdout)
  }
  try {
    const plain = { ...link, lossPercent: 0, outage: undefined }
    await open.set(plain)
    const { rttMs, mbitPerSecond } = await ask()
    const { up } = await open.set({ ...plain, lossPercent: link.lossPercent })
    const got =
      `asked ${link.mbitPerSecond} Mbit/s and ${link.rttMs} ms, ` +
      `got ${mbitPerSecond.toFixed(1)} Mbit/s (one TCP connection, no loss) and ${rttMs.toFixed(1)} ms; ` +
      `packets late by ${up.meanLateMs.toFixed(2)} ms, at most ${up.mostLateMs.toFixed(1)} ms`
    if (link.lossPercent === 0) return got
    const lossy = await ask()
    const after = await open.set(plain)
    const { lost, packets } = after.up
    return (
      `${got}; asked ${link.lossPercent} % loss, lost ${lost} of ${lost + packets} packets, ` +
      `with it one TCP connection gets ${lossy.mbitPerSecond.toFixed(1)} Mbit/s`
    )
  } finally {
    await server.stop()
  }
}
