import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/**
 * A door before a server that can be shut in three ways.
 *
 * - `refuse`: nothing listens on the port, and open connections are reset.
 * - `swallow`: connections are taken and nothing comes through them; what was open is silent until the end.
 * - `cut`: all open connections are reset, once.
 *
 * @typedef {object} Gate
 * @property {number} port
 * @property {(how: 'refuse' | 'swallow' | 'cut') => Promise<void>} shut
 * @property {() => Promise<void>} open lets everything through again
 * @property {() => Promise<void>} close
 */

/**
 * Opens a gate to a port of this machine.
 *
 * @param {number} targetPort
 * @returns {Promise<Gate>}
 */
export async function openGate(targetPort) {
  /** @type {Map<import('node:net').Socket, import('node:net').Socket>} */
  const pairs = new Map()
  /** Connections that came while the gate swallowed: there is nothing behind them. */
  /** @type {Set<import('node:net').Socket>} */
  const lost = new Set()
  let isSwallowing = false

  const server = createServer((client) => {
    client.on('error', () => client.destroy())
    if (isSwallowing) {
      lost.add(client)
      client.on('close', () => lost.delete(client))
      return
    }
    const target = connect(targetPort, '127.0.0.1')
    pairs.set(client, target)
    client.on('close', () => {
      pairs.delete(client)
      target.destroy()
    })
    target.on('error', () => client.resetAndDestroy())
    client.pipe(target)
    target.pipe(client)
  })
  const listen = async (port = 0) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The gate has no port')
  const { port } = address

  const reset = () => {
    for (const client of [...pairs.keys(), ...lost]) client.resetAndDestroy()
  }
  const stopListening = async () => {
    server.close()
    reset()
    await once(server, 'close')
  }

  return {
    port,
    async shut(how) {
      if (how === 'cut') reset()
      if (how === 'refuse' && server.listening) await stopListening()
      if (how !== 'swallow') return
      isSwallowing = true
      for (const [client, target] of pairs) {
        client.unpipe(target).pause()
        target.unpipe(client).pause()
      }
    },
    async open() {
      if (!server.listening) await listen(port)
      if (!isSwallowing) return
      isSwallowing = false
      for (const client of lost) client.resetAndDestroy()
      for (const [client, target] of pairs) {
        client.pipe(target)
        target.pipe(client)
      }
    },
    async close() {
      if (server.listening) await stopListening()
    },
  }
}
