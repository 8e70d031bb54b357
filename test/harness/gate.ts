import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A door before a server: connections go through it, and large bodies can be held at it. */
export interface Gate {
  readonly port: number
  /** Holds each connection once it has carried so many bytes to the server; small requests pass. */
  hold(bytesPerConnection: number): void
  /** Lets no more than so many bytes a second to the server, over all connections. */
  throttle(bytesPerSecond: number): void
  /** Cuts all connections, and refuses new ones until {@link release}: a network that is gone. */
  cut(): void
  /**
   * Swallows what comes, and answers nothing, until {@link release}; connections of that time are dead for ever: a link that
   * is gone without a word.
   */
  swallow(): void
  /** Lets everything through again. */
  release(): void
  /** Resolves when no connection is left: what a client that is gone had still sent has gone on to the server. */
  drained(): Promise<void>
  close(): Promise<void>
}

/** Opens a gate to a port of this machine. */
export async function openGate(targetPort: number): Promise<Gate> {
  const clients = new Set<Socket>()
  let isCut = false
  let isSwallowing = false
  const dead = new Set<Socket>()
  let limitBytes = Infinity
  let bytesPerSecond = Infinity
  /** When the server would have all that was let through, at that speed. */
  let busyUntilMs = 0

  /** Holds a connection as long as the bytes that it carried take. */
  const slowDown = (client: Socket, bytes: number): void => {
    const nowMs = performance.now()
    busyUntilMs = Math.max(busyUntilMs, nowMs) + (bytes / bytesPerSecond) * 1000
    const aheadMs = busyUntilMs - nowMs
    if (aheadMs < 5) return
    client.pause()
    setTimeout(() => client.resume(), aheadMs)
  }

  const server = createServer((client) => {
    if (isCut) return void client.resetAndDestroy()
    if (isSwallowing) dead.add(client)
    const target = connect(targetPort, '127.0.0.1')
    clients.add(client)
    client.on('data', (chunk) => {
      if (dead.has(client)) return client.pause()
      target.write(chunk)
      if (client.bytesRead >= limitBytes) client.pause()
      else slowDown(client, chunk.length)
    })
    client.on('error', () => target.destroy())
    client.on('close', () => {
      clients.delete(client)
      dead.delete(client)
      target.destroy()
      if (clients.size === 0) server.emit('drained')
    })
    target.on('error', () => client.destroy())
    target.on('data', (chunk) => dead.has(client) || client.write(chunk))
    target.on('end', () => dead.has(client) || client.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    hold(bytesPerConnection) {
      limitBytes = bytesPerConnection
    },
    throttle(limit) {
      bytesPerSecond = limit
    },
    cut() {
      isCut = true
      for (const client of clients) client.resetAndDestroy()
    },
    swallow() {
      isSwallowing = true
      for (const client of clients) dead.add(client)
    },
    release() {
      isCut = false
      isSwallowing = false
      limitBytes = Infinity
      bytesPerSecond = Infinity
      for (const client of clients) if (!dead.has(client)) client.resume()
    },
    async drained() {
      if (clients.size > 0) await once(server, 'drained')
    },
    async close() {
      for (const client of clients) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
